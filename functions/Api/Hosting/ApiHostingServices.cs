using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Api.RateLimits;
using MidnightOS.Core;

namespace MidnightOS.Api.Hosting;

/// <summary>The API behind a host that forwards requests to it.</summary>
public static class ApiHostingServices
{
    private const string Header = "Api:ClientAddressHeader";
    private static readonly System.Net.IPNetwork[] ThisMachine = [System.Net.IPNetwork.Parse("127.0.0.0/8"), System.Net.IPNetwork.Parse("::1/128")];

    /// <summary>Adds <see cref="ApiPipeline"/>. Call it after <see cref="ApiHost.AddApi"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Setting <c>Api:ClientAddressHeader</c>: the header in which the only way in, such as Front Door, tells who connects to it. Without it nobody's
    /// address is known here, and those who are not signed in are counted together.</param>
    /// <exception cref="OptionsProblemException">A setting is wrong.</exception>
    public static IServiceCollection AddApiPipeline(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.GetSection("ForwardedHeaders:KnownProxies").GetChildren().Any())
        {
            throw new OptionsProblemException($"Setting ForwardedHeaders:KnownProxies has no meaning behind the functions' host; {Header} names the header to trust.");
        }

        services.Replace(ServiceDescriptor.Singleton<IStrangers>(new StrangersByHeader(ReadHeader(configuration))));
        services.AddSingleton<ApiPipeline>();

        // The host's own hop, as its worker means it: only the host reaches the worker.
        services.PostConfigure<ForwardedHeadersOptions>(static options =>
        {
            options.ForwardLimit = 1;
            Array.ForEach(ThisMachine, options.KnownIPNetworks.Add);
        });
        return services;
    }

    private static string? ReadHeader(IConfiguration configuration) =>
        configuration[Header] is not { Length: > 0 } name ? null
        : name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') ? name
        : throw new OptionsProblemException($"{Header} is a header's name, such as X-Azure-SocketIP.");
}
