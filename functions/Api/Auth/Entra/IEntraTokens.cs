using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Accounts;

namespace MidnightOS.Api.Auth.Entra;

/// <summary>Validates tokens of Entra. A host that has it has the sign-in with Entra.</summary>
public interface IEntraTokens
{
    /// <summary>The claims of the token that a request shows in its Authorization header; null when it is not valid: signature, issuer, audience, time.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="IssuerUnavailableException">Whether it is valid is not known: Entra's keys cannot be had.</exception>
    Task<ClaimsPrincipal?> ValidateAsync(HttpContext context);
}
