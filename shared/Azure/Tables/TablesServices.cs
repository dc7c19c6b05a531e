using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Leases;

namespace MidnightOS.Azure.Tables;

/// <summary>The composition of the stores in Azure Tables.</summary>
public static class TablesServices
{
    /// <summary>Adds the directory, the counters and the leases.</summary>
    /// <param name="services">The host's services. A <see cref="TokenCredential"/> or a client that is there already is used.</param>
    /// <param name="configuration">Holds the section <c>Tables</c>; it is checked at start.</param>
    public static IServiceCollection AddAzureTables(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<TablesOptions>()
            .Bind(configuration.GetSection(TablesOptions.Section))
            .Validate(
                static options => Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps,
                "Tables:Endpoint must be the https address of the account's tables.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TokenCredential>(static _ => new DefaultAzureCredential());
        services.TryAddSingleton(static provider => new TableServiceClient(
            new Uri(provider.GetRequiredService<IOptions<TablesOptions>>().Value.Endpoint), provider.GetRequiredService<TokenCredential>()));
        return services.AddSingleton<IDirectory, TablesDirectory>().AddSingleton<ICounterStore, TablesCounterStore>().AddSingleton<ILeaseStore, TablesLeaseStore>();
    }
}
