using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using MidnightOS.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace MidnightOS.Api.Security;

/// <summary>What depends on where the API stands: origins that may call it from a browser, and proxies that speak for others.</summary>
internal static class HostSettings
{
    private const string Origins = "Cors:Origins";
    private const string Proxies = "ForwardedHeaders:KnownProxies";

    private static readonly string[] ShownHeaders =
    [
        "ETag", "Location", "Retry-After", "Idempotency-Replayed", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
    ];

    /// <summary>Setting <c>Cors:Origins</c>, a list; empty by default. No credentials: tokens travel in the Authorization header.</summary>
    public static void AddCorsByConfiguration(this IServiceCollection services, IConfiguration configuration)
    {
        var origins = configuration.GetSection(Origins).Get<string[]>() ?? [];
        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin)
            {
                throw new OptionsProblemException($"Setting {Origins}: '{origin}' is not an origin such as https://app.example.com.");
            }
        }

        services.AddCors(options => options.AddDefaultPolicy(policy =>
            policy.WithOrigins(origins).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(ShownHeaders)));
    }

    /// <summary>Setting <c>ForwardedHeaders:KnownProxies</c>, a list of addresses and networks; empty by default, so that no client can name its own address.</summary>
    public static void AddForwardedAddresses(this IServiceCollection services, IConfiguration configuration)
    {
        var proxies = configuration.GetSection(Proxies).Get<string[]>() ?? [];
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
        });
        foreach (var proxy in proxies)
        {
            var network = IPNetwork.TryParse(proxy, out var parsed) ? parsed
                : IPAddress.TryParse(proxy, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
                : throw new OptionsProblemException($"Setting {Proxies}: '{proxy}' is neither an address nor a network.");
            services.Configure<ForwardedHeadersOptions>(options => options.KnownIPNetworks.Add(network));
        }
    }

    /// <summary>Without known proxies the headers are not even looked at: the framework takes an empty list for "anyone".</summary>
    public static void UseForwardedAddresses(this IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<IOptions<ForwardedHeadersOptions>>();
        if (options.Value.KnownIPNetworks.Count > 0)
        {
            app.UseForwardedHeaders();
        }
    }
}
