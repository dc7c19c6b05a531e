using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Idempotency;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Auth;

/// <summary>Accounts and sessions.</summary>
internal static class AuthEndpoints
{
    /// <summary>Maps <c>/api/auth</c>.</summary>
    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup(Routes.Auth).WithTags("Auth");
        auth.MapPost("/register", RegisterAsync).AllowAnonymous().Limited(RateLimit.Register).Idempotent()
            .Documented("register", "Registers a tenant with its owner and signs the owner in.")
            .Answers<SessionResponse>(StatusCodes.Status201Created).Fails(ErrorCodes.Conflict);
        auth.MapPost("/login", LoginAsync).AllowAnonymous().Limited(RateLimit.Login)
            .Documented("login", "Signs in by e-mail and password.")
            .Answers<SessionResponse>().Fails(ErrorCodes.Unauthorized);
        auth.MapPost("/refresh", RefreshAsync).AllowAnonymous().Limited(RateLimit.Refresh)
            .Documented("refresh", "Changes a refresh token for new tokens; a used one ends its session.")
            .Answers<SessionResponse>().Fails(ErrorCodes.Unauthorized);
        auth.MapPost("/logout", LogoutAsync).Limited(RateLimit.Refresh)
            .Documented("logout", "Ends the session; its tokens stop working at once.")
            .Answers(StatusCodes.Status204NoContent);
        auth.MapPost("/password", ChangePasswordAsync).Limited(RateLimit.Login)
            .Documented("changePassword", "Changes the password and ends all other sessions.")
            .Answers(StatusCodes.Status204NoContent).Fails(ErrorCodes.Conflict);
        auth.MapGet("/me", MeAsync).Limited(RateLimit.Reads)
            .Documented("me", "The signed-in user, their tenant and permissions.")
            .Answers<MeResponse>();
    }

    /// <summary>Maps the public keys that verify access tokens.</summary>
    public static void MapKeys(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Keys, KeysAsync).AllowAnonymous().Limited(RateLimit.Reads).WithTags("Auth")
            .Documented("jwks", "The public keys that verify access tokens (RFC 7517).")
            .Answers<KeySetResponse>();

    private static async Task<IResult> RegisterAsync(
        Body<RegisterRequest> body, IdempotencyContext idempotency, Register register, CancellationToken cancellationToken)
    {
        var registration = new Registration(body.Value.Email, body.Value.Password, body.Value.Name, idempotency.Key);
        var result = await register.RunAsync(registration, cancellationToken);
        return result.ToHttp(static signedIn => Results.Json(SessionResponse.From(signedIn), statusCode: StatusCodes.Status201Created));
    }

    private static async Task<IResult> LoginAsync(Body<LoginRequest> body, Login login, CancellationToken cancellationToken) =>
        (await login.RunAsync(body.Value.Email, body.Value.Password, cancellationToken)).ToHttp(Session);

    private static async Task<IResult> RefreshAsync(Body<RefreshRequest> body, RefreshSession refresh, CancellationToken cancellationToken) =>
        (await refresh.RunAsync(body.Value.RefreshToken, cancellationToken)).ToHttp(Session);

    private static async Task<IResult> LogoutAsync(Caller caller, Logout logout, CancellationToken cancellationToken) =>
        (await logout.RunAsync(caller, cancellationToken)).ToHttp();

    private static async Task<IResult> ChangePasswordAsync(
        Body<ChangePasswordRequest> body, Caller caller, ChangePassword change, CancellationToken cancellationToken) =>
        (await change.RunAsync(caller, body.Value.CurrentPassword, body.Value.NewPassword, cancellationToken)).ToHttp();

    private static async Task<IResult> MeAsync(Caller caller, GetMe getMe, CancellationToken cancellationToken) =>
        (await getMe.RunAsync(caller, cancellationToken)).ToHttp(static me =>
            Results.Ok(new MeResponse(UserResponse.From(me.User), TenantResponse.From(me.Tenant), me.Permissions)));

    private static async Task<IResult> KeysAsync(ITokenSigningKeys keys, HttpContext context, CancellationToken cancellationToken)
    {
        var known = await keys.PublicKeysAsync(cancellationToken);
        context.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Ok(new KeySetResponse([.. known.Select(KeyResponse.From)]));
    }

    private static IResult Session(SignedIn signedIn) => Results.Ok(SessionResponse.From(signedIn));
}
