using Microsoft.IdentityModel.Tokens;
using MidnightOS.Api.Requests;
using MidnightOS.Core.Accounts;

namespace MidnightOS.Api.Auth;

internal sealed record RegisterRequest
{
    /// <summary>The e-mail address; its case does not count.</summary>
    [Text(320)]
    public required string Email { get; init; }

    /// <summary>10 characters to 256 bytes, not a well-known one.</summary>
    [Text(256, Verbatim = true)]
    public required string Password { get; init; }

    /// <summary>The name that others see.</summary>
    [Text(100)]
    public required string Name { get; init; }
}

internal sealed record LoginRequest
{
    /// <summary>The e-mail address.</summary>
    [Text(320)]
    public required string Email { get; init; }

    /// <summary>The password.</summary>
    [Text(256, Verbatim = true)]
    public required string Password { get; init; }
}

internal sealed record RefreshRequest
{
    /// <summary>The token of the last session answer.</summary>
    [Text(256)]
    public required string RefreshToken { get; init; }
}

internal sealed record ChangePasswordRequest
{
    /// <summary>The password until now.</summary>
    [Text(256, Verbatim = true)]
    public required string CurrentPassword { get; init; }

    /// <summary>10 characters to 256 bytes, not a well-known one.</summary>
    [Text(256, Verbatim = true)]
    public required string NewPassword { get; init; }
}

/// <summary>A session's tokens, and who it is.</summary>
/// <param name="Token">The access token.</param>
/// <param name="RefreshToken">Good for one refresh.</param>
/// <param name="ExpiresIn">Seconds until the access token expires.</param>
/// <param name="User">The user.</param>
/// <param name="Tenant">Their tenant.</param>
internal sealed record SessionResponse(string Token, string RefreshToken, int ExpiresIn, UserResponse User, TenantResponse Tenant)
{
    public static SessionResponse From(SignedIn signedIn) => new(
        signedIn.AccessToken, signedIn.RefreshToken, (int)signedIn.ExpiresIn.TotalSeconds,
        UserResponse.From(signedIn.User), TenantResponse.From(signedIn.Tenant));
}

internal sealed record UserResponse(string Id, string Email, string Name, Role Role)
{
    public static UserResponse From(User user) => new(user.Id, user.Email, user.Name, user.Role);
}

internal sealed record TenantResponse(string Id, string Name)
{
    public static TenantResponse From(Tenant tenant) => new(tenant.Id.Value, tenant.Name);
}

internal sealed record MeResponse(UserResponse User, TenantResponse Tenant, IReadOnlyList<string> Permissions);

internal sealed record KeySetResponse(IReadOnlyList<KeyResponse> Keys);

/// <summary>A public key: only these members, whatever the key set holds.</summary>
internal sealed record KeyResponse(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg)
{
    public static KeyResponse From(JsonWebKey key) => new(key.Kty, key.Crv, key.X, key.Y, key.Kid, "sig", SecurityAlgorithms.EcdsaSha256);
}
