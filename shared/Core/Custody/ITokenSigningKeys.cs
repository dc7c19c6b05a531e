using Microsoft.IdentityModel.Tokens;

namespace MidnightOS.Core.Custody;

/// <summary>The keys that sign and verify access tokens (ES256). The private key stays with Custody or the vault.</summary>
public interface ITokenSigningKeys
{
    /// <summary>What signs now; its key has a <c>kid</c>. Made at first use.</summary>
    Task<SigningCredentials> CurrentAsync(CancellationToken cancellationToken);

    /// <summary>The public keys that verify: the current one, and older ones while tokens they signed may live.</summary>
    Task<IReadOnlyList<JsonWebKey>> PublicKeysAsync(CancellationToken cancellationToken);

    /// <summary>The public key of this <c>kid</c>; one that is not known yet is looked for in the store, since another host may just have made it. Null when there is none.</summary>
    Task<JsonWebKey?> FindAsync(string keyId, CancellationToken cancellationToken);

    /// <summary>Makes a new current key. Tokens of the old one stay valid until they expire.</summary>
    Task RotateAsync(CancellationToken cancellationToken);
}
