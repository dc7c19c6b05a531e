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
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Core.Records;

namespace MidnightOS.Azure.Tables;

/// <summary>The composition of the stores in Azure Tables.</summary>
public static class TablesServices
{
    /// <summary>Adds the directory, the counters and the leases, as far as an app has a right on them (docs/adr/0020): the prover counts nothing and has leases of its own.</summary>
    /// <param name="services">The host's services. A <see cref="TokenCredential"/> or a client that is there already is used.</param>
    /// <param name="configuration">Holds the section <c>Tables</c>; it is checked at start.</param>
    /// <param name="app">The app.</param>
    public static IServiceCollection AddAzureTables(this IServiceCollection services, IConfiguration configuration, PlatformApp app)
    {
        services.AddClient(configuration);
        services.AddSingleton<IDirectory>(provider => new DividedDirectory(
            app is PlatformApp.Prover ? null : Directory(provider, "directory"),
            app is PlatformApp.Api ? null : Directory(provider, "proofdirectory"),
            app is PlatformApp.Flows ? null : Directory(provider, "keys")));
        if (app is not PlatformApp.Prover)
        {
            services.AddSingleton<ICounterStore, TablesCounterStore>();
        }

        var leases = app is PlatformApp.Prover ? "proofleases" : "leases";
        return services.AddSingleton<ILeaseStore>(provider => ActivatorUtilities.CreateInstance<TablesLeaseStore>(provider, leases));
    }

    private static TablesDirectory Directory(IServiceProvider provider, string table) => ActivatorUtilities.CreateInstance<TablesDirectory>(provider, table);

    private static void AddClient(this IServiceCollection services, IConfiguration configuration)
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
    }

    /// <summary>Keeps records that stand alone in a table, and sweeps the tables of the platform: for the API, which alone has a right on all of them. Call it behind <c>AddCore</c>.</summary>
    public static IServiceCollection AddAzureRecords(this IServiceCollection services)
    {
        services.AddSingleton<IBackgroundWork, SweepTables>();
        return services.Replace(ServiceDescriptor.Singleton<IRecordStore, TablesRecordStore>());
    }
}
