using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Errors;
using MidnightOS.Api.RateLimits;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Metrics;

/// <summary>The route that Prometheus reads. It is not for the world: for this machine, or for whoever has the token.</summary>
public static class MetricsEndpoint
{
    private static readonly string[] ForwardingHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

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

    // A proxy on this machine speaks from loopback for the whole world: most give themselves away by a header or by the name that was asked for. One that sends
    // neither, as nginx unless it is told to, is not seen; docs/observability.md says so. The name also gives away a web page whose name was pointed at this machine.
    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && !ForwardingHeaders.Any(context.Request.Headers.ContainsKey)
        && IsLoopbackName(context.Request.Host.Host);

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
