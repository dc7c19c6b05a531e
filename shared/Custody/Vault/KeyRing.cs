using MidnightOS.Core.Custody;

namespace MidnightOS.Custody.Vault;

/// <summary>All key-encryption keys of a key file. Disposing overwrites them.</summary>
internal sealed class KeyRing(string vaultId, IReadOnlyList<KeyVersion> versions) : IDisposable
{
    /// <summary>A random id that names the vault; it is no secret.</summary>
    public string VaultId { get; } = vaultId;

    public IReadOnlyList<KeyVersion> Versions { get; } = versions;

    /// <summary>A new vault with a first version for each purpose.</summary>
    public static KeyRing Create(DateTimeOffset now) =>
        new(Guid.NewGuid().ToString("N"), [.. Enum.GetValues<VaultPurpose>().Select(purpose => KeyVersion.Create(purpose, 1, now))]);

    /// <summary>The version that wraps now: the newest.</summary>
    public KeyVersion Current(VaultPurpose purpose) => Versions.Where(version => version.Purpose == purpose).MaxBy(version => version.Number)!;

    public KeyVersion? Find(VaultPurpose purpose, string id) =>
        Versions.FirstOrDefault(version => version.Purpose == purpose && version.Id == id);

    /// <summary>A ring that shares these keys and has one more.</summary>
    public KeyRing Rotated(VaultPurpose purpose, DateTimeOffset now) =>
        new(VaultId, [.. Versions, KeyVersion.Create(purpose, Current(purpose).Number + 1, now)]);

    /// <summary>A ring that shares these keys without that of one version.</summary>
    public KeyRing Without(KeyVersion retired) =>
        new(VaultId, [.. Versions.Select(version => version == retired ? version with { Key = null } : version)]);

    public void Dispose()
    {
        foreach (var version in Versions)
        {
            version.Key?.Dispose();
        }
    }
}
