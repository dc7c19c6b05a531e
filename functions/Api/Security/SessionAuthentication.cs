using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Api.Errors;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Security;

/// <summary>Signs requests in by the access token in their Authorization header.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AuthenticateSession authenticate)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "Bearer";

    private const int LongestToken = 8 * 1024;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // A route that is open to all knows no caller: a token must neither buy another share of the limits before sign-in nor have its answer kept.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null || ReadToken() is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        var result = await authenticate.RunAsync(token, Context.RequestAborted);
        if (!result.IsSuccess)
        {
            return AuthenticateResult.Fail(result.Error.Message);
        }

        Context.Features.Set(result.Value);
        var identity = new ClaimsIdentity([new Claim("sub", result.Value.UserId)], Name, "sub", "role");
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var presented = ReadToken() is not null;
        Response.Headers.WWWAuthenticate = presented ? "Bearer error=\"invalid_token\"" : "Bearer";
        return Response.WriteAsync(new Error(
            ErrorCodes.Unauthorized, presented ? "The access token is not valid, has expired, or its session has ended." : "Sign in first."));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Response.WriteAsync(new Error(ErrorCodes.Forbidden, "Your role does not allow this."));

    private string? ReadToken()
    {
        var header = Request.Headers.Authorization;
        return header.Count == 1 && header[0] is { Length: <= LongestToken } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? value["Bearer ".Length..].Trim()
            : null;
    }
}
