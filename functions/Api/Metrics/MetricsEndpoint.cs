using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Errors;
using MidnightOS.Api.RateLimits;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Metrics;

/// <summary>The route that Prometheus reads. It is not for the world: for this machine, or for whoever has the token.</summary>
public static class MetricsEndpoint
{
    /// <summary>Maps <c>/metrics</c>.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="options">Who may read it.</param>
    /// <param name="scrape">Writes the exposition; the host's exporter.</param>
    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes, MetricsOptions options, RequestDelegate scrape)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Enabled)
        {
            Task ReadAsync(HttpContext context) => Refusal(context, options) is { } error ? context.Response.WriteAsync(error) : scrape(context);
            routes.MapGet(Routes.Metrics, ReadAsync).AllowAnonymous().Unlimited().DisableHttpMetrics().ExcludeFromDescription();
        }

        return routes;
    }

    /// <summary>Why a request gets nothing; null when it may read.</summary>
    internal static Error? Refusal(HttpContext context, MetricsOptions options)
    {
        if (options.Token is { } token)
        {
            if (Shows(context.Request, token))
            {
                return null;
            }

            context.Response.Headers.WWWAuthenticate = "Bearer";
            return new Error(ErrorCodes.Unauthorized, "The metrics are read with the token of the setting Metrics:Token.");
        }

        return IsLocal(context) ? null : new Error(ErrorCodes.NotFound, "There is nothing at this path.");
    }

    private static bool Shows(HttpRequest request, string token)
    {
        var header = request.Headers.Authorization;
        var shown = header.Count == 1 && header[0] is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..].Trim() : "";

        // Hashes have one length, so the comparison tells nothing of the token's.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }

    private static bool IsLocal(HttpContext context) =>
        LocalCaller.Is(context.Connection.RemoteIpAddress, context.Request.Host.Host, context.Request.Headers.ContainsKey);
}
