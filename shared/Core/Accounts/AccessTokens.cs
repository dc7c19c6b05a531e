using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Accounts;

/// <summary>Makes and checks access tokens: JWTs signed with ES256, of type <c>at+jwt</c> (RFC 9068).</summary>
public sealed class AccessTokens(ITokenSigningKeys keys, IIdGenerator ids, TimeProvider time, IOptions<AccountOptions> options)
{
    private const string TokenType = "at+jwt";

    /// <summary>Clocks of two hosts may differ by this much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>A token for a user's session.</summary>
    public async Task<string> IssueAsync(TenantId tenant, User user, string sessionId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var signer = await keys.SignerAsync(cancellationToken);
        var unsigned = $"{Part(Header(signer.KeyId))}.{Part(Payload(now, tenant, user, sessionId))}";
        return $"{unsigned}.{Base64UrlEncoder.Encode(await signer.SignAsync(Encoding.ASCII.GetBytes(unsigned), cancellationToken))}";
    }

    /// <summary>What a token says, if this platform signed it and its time has not passed; null otherwise.</summary>
    public async Task<AccessTokenClaims?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (!TryReadKeyId(token, out var keyId) || await keys.FindAsync(keyId, cancellationToken) is not { } key)
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(token, ParametersFor(key));
        return result.IsValid
            && Claim(result, "sub", IdPrefix.User) is { } user && Claim(result, "sid", IdPrefix.Session) is { } session && Claim(result, "tid", IdPrefix.Tenant) is { } tenant
            ? new AccessTokenClaims(new TenantId(tenant), user, session)
            : null;
    }

    private static Dictionary<string, object> Header(string keyId) =>
        new(StringComparer.Ordinal) { ["alg"] = SecurityAlgorithms.EcdsaSha256, ["kid"] = keyId, ["typ"] = TokenType };

    private Dictionary<string, object> Payload(DateTimeOffset now, TenantId tenant, User user, string sessionId) => new(StringComparer.Ordinal)
    {
        ["iss"] = options.Value.Issuer,
        ["aud"] = options.Value.Audience,
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = (now + options.Value.AccessTokenLifetime).ToUnixTimeSeconds(),
        ["sub"] = user.Id,
        ["tid"] = tenant.Value,
        ["sid"] = sessionId,
        ["role"] = user.Role.ToString().ToLowerInvariant(),
        ["jti"] = ids.New(IdPrefix.Token),
    };

    // By hand, since a signature may be a call to an HSM and the handler signs only in the process and on the thread.
    private static string Part(Dictionary<string, object> claims) => Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(claims));

    private TokenValidationParameters ParametersFor(JsonWebKey key) => new()
    {
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        ValidTypes = [TokenType],
        ValidIssuer = options.Value.Issuer,
        ValidAudience = options.Value.Audience,
        IssuerSigningKey = key,
        TryAllIssuerSigningKeys = false,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (_, expires, _, _) => expires is not null && time.GetUtcNow() < new DateTimeOffset(expires.Value, TimeSpan.Zero) + Skew,
    };

    private bool TryReadKeyId(string token, out string keyId)
    {
        keyId = "";
        if (!_handler.CanReadToken(token))
        {
            return false;
        }

        try
        {
            keyId = _handler.ReadJsonWebToken(token).Kid ?? "";
            return keyId.Length > 0;
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            // What the handler throws for a text that has the dots of a token but not its parts.
            return false;
        }
    }

    // An id that is none cannot be looked for in the store.
    private static string? Claim(TokenValidationResult result, string name, string prefix) =>
        result.Claims.TryGetValue(name, out var value) && value is string text && IdFormat.Is(prefix, text) ? text : null;
}

/// <summary>What an access token says.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="UserId">The user.</param>
/// <param name="SessionId">The session.</param>
public sealed record AccessTokenClaims(TenantId Tenant, string UserId, string SessionId);
