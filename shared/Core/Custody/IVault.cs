namespace MidnightOS.Core.Custody;

/// <summary>The vault that holds key-encryption keys. It wraps and unwraps data keys and never gives a key-encryption key out.</summary>
/// <remarks>Embedded edition: a 0600 file. Azure edition: Key Vault Premium or Managed HSM. It never signs for the chain: Key Vault knows no BIP-340 (docs/adr/0001). Outages are <see cref="VaultUnavailableException"/>.</remarks>
public interface IVault
{
    /// <summary>Wraps a data key under the current version of a key-encryption key.</summary>
    /// <param name="purpose">Which key: one of <see cref="VaultPurpose"/>.</param>
    /// <param name="dataKey">32 bytes; the caller zeroes them.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<WrappedKey> WrapAsync(VaultPurpose purpose, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken);

    /// <summary>Unwraps a data key; a wrapped key that was tampered with or whose version is gone throws <see cref="VaultException"/>.</summary>
    /// <returns>32 bytes that the caller owns and zeroes.</returns>
    Task<byte[]> UnwrapAsync(VaultPurpose purpose, WrappedKey wrapped, CancellationToken cancellationToken);

    /// <summary>Makes a new current version; older ones still unwrap until they are retired. Where that is an operator's act, <see cref="VaultException"/> says what to run.</summary>
    /// <returns>The new version's id.</returns>
    Task<string> RotateAsync(VaultPurpose purpose, CancellationToken cancellationToken);

    /// <summary>The id of the version that wraps now.</summary>
    Task<string> CurrentVersionAsync(VaultPurpose purpose, CancellationToken cancellationToken);

    /// <summary>Destroys an old version; the current one cannot be retired. What is still wrapped under it is lost. Key Vault cannot destroy a version, so there it is disabled.</summary>
    Task RetireAsync(VaultPurpose purpose, string version, CancellationToken cancellationToken);
}

/// <summary>What a key-encryption key is for. Each has its own key, so that a right on one is none on the other.</summary>
public enum VaultPurpose
{
    /// <summary>Data keys of wallet seeds.</summary>
    Wallets,

    /// <summary>The data key of the key that signs access tokens.</summary>
    Tokens,

    /// <summary>Data keys of other sealed payloads.</summary>
    Payloads,
}

/// <summary>A data key under a key-encryption key.</summary>
/// <param name="Version">The version of the key-encryption key.</param>
/// <param name="Algorithm">How it is wrapped: <c>A256GCM</c>, <c>RSA-OAEP-256</c>, <c>A256KW</c>.</param>
/// <param name="Bytes">The wrapped bytes.</param>
public sealed record WrappedKey(string Version, string Algorithm, byte[] Bytes);

/// <summary>The vault did not answer, had too much to do, or did not let this app in: nothing is known about the key, and trying again may help.</summary>
public sealed class VaultUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The vault refused: a version that is gone, or bytes that were tampered with.</summary>
public sealed class VaultException(string message, Exception? inner = null) : Exception(message, inner);
