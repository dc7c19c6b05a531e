using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Custody;

namespace MidnightOS.Prover.Access;

/// <summary>The keys of access tokens in a host that has no right on them: none, so that every such token is refused. API keys and identity tokens are taken.</summary>
internal sealed class NoAccessTokens : ITokenSigningKeys
{
    public Task<TokenSigner> SignerAsync(CancellationToken cancellationToken) => throw new NotSupportedException("This host issues no access tokens.");

    public Task<IReadOnlyList<JsonWebKey>> PublicKeysAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JsonWebKey>>([]);

    public Task<JsonWebKey?> FindAsync(string keyId, CancellationToken cancellationToken) => Task.FromResult<JsonWebKey?>(null);

    public Task RotateAsync(CancellationToken cancellationToken) => throw new NotSupportedException("This host has no keys of access tokens.");
}
