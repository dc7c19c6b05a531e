namespace MidnightOS.Azure.KeyVault;

/// <summary>The calls of Key Vault and Managed HSM that the platform makes; nothing of a private key ever comes back.</summary>
/// <remarks>
/// Outages, throttling and missing rights are <see cref="Core.Custody.VaultUnavailableException"/>; a version that is not there or disabled, and bytes that it did not wrap,
/// are <see cref="Core.Custody.VaultException"/>. REST reference: https://learn.microsoft.com/rest/api/keyvault/keys/operation-groups.
/// </remarks>
internal interface IVaultKeys
{
    /// <summary>A version of a key; null for the newest.</summary>
    Task<VaultKey> GetAsync(KeyAddress key, string? version, CancellationToken cancellationToken);

    /// <summary>All versions of a key, in no order.</summary>
    Task<IReadOnlyList<VaultKeyVersion>> VersionsAsync(KeyAddress key, CancellationToken cancellationToken);

    Task<byte[]> WrapAsync(KeyAddress key, string version, string algorithm, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken);

    /// <returns>An array that the caller owns and zeroes.</returns>
    Task<byte[]> UnwrapAsync(KeyAddress key, string version, string algorithm, byte[] wrapped, CancellationToken cancellationToken);

    /// <summary>Signs a SHA-256 digest (ES256).</summary>
    /// <returns>64 bytes, r and s (RFC 7518, 3.4).</returns>
    Task<byte[]> SignAsync(KeyAddress key, string version, byte[] digest, CancellationToken cancellationToken);

    /// <returns>The new version; null when this app may not.</returns>
    Task<string?> RotateAsync(KeyAddress key, CancellationToken cancellationToken);

    /// <returns>Whether it was done; false when this app may not.</returns>
    Task<bool> DisableAsync(KeyAddress key, string version, CancellationToken cancellationToken);
}

/// <summary>A version of a key.</summary>
/// <param name="Version">Its id.</param>
/// <param name="Type">RSA, RSA-HSM, EC, EC-HSM, oct-HSM.</param>
/// <param name="X">Of an EC key's public point.</param>
/// <param name="Y">Of an EC key's public point.</param>
internal sealed record VaultKey(string Version, string Type, byte[]? X = null, byte[]? Y = null);

/// <summary>What is known of a version without its key.</summary>
/// <param name="Version">Its id.</param>
/// <param name="Enabled">Whether it may be used.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record VaultKeyVersion(string Version, bool Enabled, DateTimeOffset CreatedAt);
