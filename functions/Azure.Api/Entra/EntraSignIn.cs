using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Identity.Web;
using MidnightOS.Api.Auth.Entra;
using MidnightOS.Core.Accounts.Entra;

namespace MidnightOS.Azure.Api.Entra;

/// <summary>The sign-in with Entra, where it is configured.</summary>
internal static class EntraSignIn
{
    /// <summary>Adds the validation of Entra's tokens, when <c>AzureAd:ClientId</c> is set.</summary>
    public static IServiceCollection AddEntraSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration[$"{EntraOptions.Section}:ClientId"]))
        {
            return services;
        }

        services.AddEntraAccounts();
        services.AddAuthentication().AddMicrosoftIdentityWebApi(configuration, EntraOptions.Section, EntraTokens.Scheme);
        return services.AddSingleton<IEntraTokens, EntraTokens>();
    }
}

/// <summary>Validates tokens with Microsoft.Identity.Web: signature by Entra's keys, issuer, audience and time. It is asked on one route alone; everywhere else the platform's own tokens count.</summary>
internal sealed class EntraTokens : IEntraTokens
{
    /// <summary>The name of the scheme; never the default one.</summary>
    public const string Scheme = "Entra";

    /// <inheritdoc/>
    public async Task<ClaimsPrincipal?> ValidateAsync(HttpContext context) =>
        await context.AuthenticateAsync(Scheme) is { Succeeded: true } result ? result.Principal : null;
}
