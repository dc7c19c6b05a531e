using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using MidnightOS.Api.Auth.Entra;
using MidnightOS.Core.Accounts;
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
internal sealed class EntraTokens(IOptionsMonitor<JwtBearerOptions> options) : IEntraTokens
{
    /// <summary>The name of the scheme; never the default one.</summary>
    public const string Scheme = "Entra";

    /// <inheritdoc/>
    public async Task<ClaimsPrincipal?> ValidateAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(Scheme);
        return result switch
        {
            { Succeeded: true } => result.Principal,
            { Failure: { } failure } when await IsOutageAsync(failure, context.RequestAborted) => throw new IssuerUnavailableException("The keys of Entra cannot be had.", failure),
            _ => null,
        };
    }

    // Without its keys the validation goes on, and says that there is none for the token.
    private async Task<bool> IsOutageAsync(Exception failure, CancellationToken cancellationToken)
    {
        if (EntraFailure.IsOutage(failure))
        {
            return true;
        }

        if (!EntraFailure.IsOfUnknownKey(failure))
        {
            return false;
        }

        try
        {
            await options.Get(Scheme).ConfigurationManager!.GetConfigurationAsync(cancellationToken);
            return false;
        }
        catch (InvalidOperationException error)
        {
            return EntraFailure.IsOutage(error);
        }
    }
}
