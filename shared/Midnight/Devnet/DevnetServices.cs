using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Backup;
using MidnightOS.Midnight.Chain;

namespace MidnightOS.Midnight.Devnet;

/// <summary>The composition of the devnet, for a host that runs its own chain.</summary>
public static class DevnetServices
{
    /// <summary>Runs a devnet with the host and points the chain client at it; call it beside <c>AddMidnight</c>.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">Read at section <c>Devnet</c>.</param>
    public static IServiceCollection AddDevnet(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<DevnetOptions>().Bind(configuration.GetSection(DevnetOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DevnetOptions>, ValidateDevnetOptions>();
        services.AddSingleton<DevnetProcess>();
        services.AddSingleton<IDevnet>(provider => provider.GetRequiredService<DevnetProcess>());
        services.Replace(ServiceDescriptor.Singleton<IChainEndpointSource, DevnetEndpoints>());
        services.AddSingleton<IBackupFiles, DevnetFiles>();
        services.AddHostedService<RunDevnet>();
        return services;
    }
}

/// <summary>The endpoints of the devnet that this host runs, once it answers.</summary>
internal sealed class DevnetEndpoints(IDevnet devnet) : IChainEndpointSource
{
    public async ValueTask<ChainEndpoints> GetAsync(CancellationToken cancellationToken)
    {
        var ready = await devnet.WhenReadyAsync(cancellationToken);
        return ChainEndpoints.Of(new MidnightNetworkOptions { Network = "devnet", Indexer = ready.Indexer.ToString(), Node = ready.Node.ToString() });
    }
}

/// <summary>Starts the devnet with the host and does not let the host start without it.</summary>
internal sealed class RunDevnet(DevnetProcess devnet) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => devnet.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
