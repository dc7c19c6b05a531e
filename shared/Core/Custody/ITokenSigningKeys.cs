using Microsoft.IdentityModel.Tokens;

namespace MidnightOS.Core.Custody;

/// <summary>The keys that sign and verify access tokens (ES256). The private key stays with Custody or the vault.</summary>
public interface ITokenSigningKeys
{
    /// <summary>What signs now. Made at first use.</summary>
    Task<TokenSigner> SignerAsync(CancellationToken cancellationToken);

    /// <summary>The public keys that verify: the current one, and older ones while tokens they signed may live.</summary>
    Task<IReadOnlyList<JsonWebKey>> PublicKeysAsync(CancellationToken cancellationToken);

    /// <summary>The public key of this <c>kid</c>; one that is not known yet is looked for in the store, since another host may just have made it. Null when there is none.</summary>
    Task<JsonWebKey?> FindAsync(string keyId, CancellationToken cancellationToken);

    /// <summary>Makes a new current key. Tokens of the old one stay valid until they expire.</summary>
    Task RotateAsync(CancellationToken cancellationToken);
}

/// <summary>A key that signs, wherever it is.</summary>
/// <param name="KeyId">The <c>kid</c> of tokens that it signs.</param>
/// <param name="SignAsync">Signs bytes with ES256: SHA-256 and ECDSA on P-256, 64 bytes of r and s (RFC 7518, 3.4). It may be a call to an HSM.</param>
public sealed record TokenSigner(string KeyId, Func<ReadOnlyMemory<byte>, CancellationToken, Task<byte[]>> SignAsync);
