using MidnightOS.Core.Backup;

namespace MidnightOS.Custody.Vault;

/// <summary>Copies the key file under its lock, so that no rotation runs meanwhile.</summary>
internal sealed class KeyBackup(FileVault vault, KeyFile file) : IKeyBackup
{
    public async Task<IReadOnlyList<KeyVersionState>> VersionsAsync(CancellationToken cancellationToken)
    {
        await vault.OpenAsync(cancellationToken);
        using var ring = file.Read();
        return StatesOf(ring);
    }

    public async Task<IReadOnlyList<KeyVersionState>> CopyAsync(string path, CancellationToken cancellationToken)
    {
        await vault.OpenAsync(cancellationToken);
        using var held = await file.LockAsync(cancellationToken);
        using var ring = file.Read();
        KeyFile.WriteCopy(ring, Path.GetFullPath(path));
        return StatesOf(ring);
    }

    private static List<KeyVersionState> StatesOf(KeyRing ring) =>
        [.. ring.Versions.OrderBy(static version => (version.Purpose, version.Number)).Select(version => new KeyVersionState(version.Purpose, version.Id, version.CreatedAt, UseOf(ring, version)))];

    private static KeyVersionUse UseOf(KeyRing ring, KeyVersion version) =>
        version.Key is null ? KeyVersionUse.Retired : version == ring.Current(version.Purpose) ? KeyVersionUse.Current : KeyVersionUse.Old;
}
