using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Identity;

namespace MidnightOS.Prover.Access;

/// <summary>Finds the tenant of a managed identity by the token that its issuer gave it.</summary>
internal sealed class AuthenticateIdentity(IssuerKeys keys, IOptions<ProverOptions> options, TimeProvider time)
{
    // What OpenID providers sign with; never a shared secret, never none.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384,
    ];

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>Whether a token says that it is of the issuer; nothing of it is checked yet.</summary>
    public bool IsTheirs(string token) => options.Value.Identity.Issuer is { Length: > 0 } issuer && Read(token)?.Issuer == issuer;

    /// <summary>The tenant; null when the token is not good.</summary>
    /// <exception cref="IssuerUnavailableException">Whether it is good is not known: its issuer could not be asked.</exception>
    public async Task<TenantId?> RunAsync(string token, CancellationToken cancellationToken)
    {
        var identity = options.Value.Identity;
        if (Read(token) is not { Kid: { Length: > 0 } keyId } || await keys.FindAsync(keyId, cancellationToken) is not { } key)
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            ValidIssuer = identity.Issuer,
            ValidAudience = identity.Audience,
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = IsInTime,
        });
        return result.IsValid && result.Claims.TryGetValue("sub", out var subject) && subject is string name && identity.Subjects.TryGetValue(name, out var tenant)
            ? new TenantId(tenant)
            : null;
    }

    private bool IsInTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is not null && now < expires.Value + Skew && (notBefore is null || now >= notBefore.Value - Skew);
    }

    private JsonWebToken? Read(string token)
    {
        if (!_handler.CanReadToken(token))
        {
            return null;
        }

        try
        {
            return _handler.ReadJsonWebToken(token);
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            // What the handler throws for a text that has the dots of a token but not its parts.
            return null;
        }
    }
}
