using MidnightOS.Core.Backup;

namespace MidnightOS.Custody.Vault;

/// <summary>Copies the key file under its lock, so that no rotation runs meanwhile.</summary>
internal sealed class KeyBackup(FileVault vault, KeyFile file) : IKeyBackup
{
    public async Task<IReadOnlyList<string>> VersionsAsync(CancellationToken cancellationToken)
    {
        await vault.OpenAsync(cancellationToken);
        using var ring = file.Read();
        return Usable(ring);
    }

    public async Task<IReadOnlyList<string>> CopyAsync(string path, CancellationToken cancellationToken)
    {
        await vault.OpenAsync(cancellationToken);
        using var held = await file.LockAsync(cancellationToken);
        using var ring = file.Read();
        KeyFile.WriteCopy(ring, Path.GetFullPath(path));
        return Usable(ring);
    }

    private static List<string> Usable(KeyRing ring) =>
        [.. ring.Versions.Where(static version => version.Key is not null).Select(static version => $"{version.Purpose}:{version.Id}")];
}
