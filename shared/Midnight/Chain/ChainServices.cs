using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Health;
using MidnightOS.Midnight.Chain.GraphQl;
using MidnightOS.Midnight.Chain.Rpc;

namespace MidnightOS.Midnight.Chain;

/// <summary>The composition of the chain client.</summary>
internal static class ChainServices
{
    public static IServiceCollection AddChain(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MidnightNetworkOptions>().Bind(configuration.GetSection(MidnightNetworkOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MidnightNetworkOptions>, ValidateNetworkOptions>();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(Profile);
        services.TryAddSingleton<IChainEndpointSource, ConfiguredEndpoints>();
        services.AddSingleton<ChainMetrics>();
        return services.AddIndexer().AddNode();
    }

    private static IServiceCollection AddIndexer(this IServiceCollection services)
    {
        services.AddKeyedSingleton("indexer", Upstream);
        services.AddSingleton(provider => new GraphQlHttp(
            provider.GetRequiredKeyedService<UpstreamHttp>("indexer"), provider.GetRequiredService<IChainEndpointSource>()));
        services.AddSingleton<GraphQlSocketPool>();
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<AddressWatch>();
        services.AddSingleton<BlockWatch>();
        services.AddSingleton<IChainIndexer, ChainIndexer>();
        services.AddSingleton<IContractReader, ContractReader>();
        services.AddSingleton<IFaucet, DevnetFaucet>();
        services.AddSingleton<IReadinessProbe, IndexerProbe>();
        return services;
    }

    private static IServiceCollection AddNode(this IServiceCollection services)
    {
        services.AddKeyedSingleton("node", Upstream);
        services.AddSingleton(provider => new JsonRpc(
            provider.GetRequiredKeyedService<UpstreamHttp>("node"), provider.GetRequiredService<IChainEndpointSource>()));
        services.AddSingleton<IChainNode, ChainNode>();
        services.AddSingleton<IReadinessProbe, NodeProbe>();
        return services;
    }

    private static NetworkProfile Profile(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<MidnightNetworkOptions>>().Value;
        return MidnightNetworks.TryGet(options.Network, out var network)
            ? network.Profile
            : throw new InvalidOperationException($"Midnight:Network {options.Network} passed validation but is not known.");
    }

    private static UpstreamHttp Upstream(IServiceProvider provider, object? name) => new(
        (string)name!,
        provider.GetRequiredService<IOptions<MidnightNetworkOptions>>().Value.Resilience,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ChainMetrics>(),
        provider.GetRequiredService<ILoggerFactory>().CreateLogger<UpstreamHttp>());
}
