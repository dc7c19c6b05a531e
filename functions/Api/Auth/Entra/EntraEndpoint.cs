using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Errors;
using MidnightOS.Api.RateLimits;
using MidnightOS.Core.Accounts.Entra;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Auth.Entra;

/// <summary>The sign-in with Entra: a token of Entra for a session of the platform.</summary>
internal static class EntraEndpoint
{
    private static readonly Error Refused = new(ErrorCodes.Unauthorized, "Send an access token that Entra gave you for this API, as a bearer token.");

    /// <summary>Maps <c>/api/auth/entra</c> where tokens of Entra can be validated.</summary>
    public static void MapEntra(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<IEntraTokens>() is not null)
        {
            routes.MapPost(Routes.Auth + "/entra", SignInAsync).AllowAnonymous().Limited(RateLimit.Login).WithTags("Auth")
                .Documented("signInWithEntra", "Signs in by an access token of Microsoft Entra ID in the Authorization header.")
                .Answers<SessionResponse>().Fails(ErrorCodes.Unauthorized, ErrorCodes.Forbidden, ErrorCodes.Conflict);
        }
    }

    private static async Task<IResult> SignInAsync(HttpContext context, IEntraTokens tokens, SignInWithEntra signIn, CancellationToken cancellationToken)
    {
        var claims = await tokens.ValidateAsync(context);
        return claims is null || EntraClaims.Read(claims) is not { } user
            ? Refused.ToHttp()
            : (await signIn.RunAsync(user, cancellationToken)).ToHttp(static signedIn => Results.Ok(SessionResponse.From(signedIn)));
    }
}
