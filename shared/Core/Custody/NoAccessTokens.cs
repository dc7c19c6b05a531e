using Microsoft.IdentityModel.Tokens;

namespace MidnightOS.Core.Custody;

/// <summary>No keys of access tokens, for an app without a right on them: it issues none, and takes none for valid.</summary>
public sealed class NoAccessTokens : ITokenSigningKeys
{
    /// <inheritdoc/>
    public Task<TokenSigner> SignerAsync(CancellationToken cancellationToken) => throw new NotSupportedException("This host issues no access tokens.");

    /// <inheritdoc/>
    public Task<IReadOnlyList<JsonWebKey>> PublicKeysAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JsonWebKey>>([]);

    /// <inheritdoc/>
    public Task<JsonWebKey?> FindAsync(string keyId, CancellationToken cancellationToken) => Task.FromResult<JsonWebKey?>(null);

    /// <inheritdoc/>
    public Task RotateAsync(CancellationToken cancellationToken) => throw new NotSupportedException("This host has no keys of access tokens.");
}
