using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight;
using MidnightOS.Midnight.Chain;

namespace MidnightOS.Tests.Integration.Chain;

/// <summary>The chain client as a host composes it, with endpoints that a test may move.</summary>
internal sealed class ChainUnderTest : IAsyncDisposable, IChainEndpointSource
{
    private readonly ServiceProvider _services;
    private volatile ChainEndpoints _endpoints;

    public ChainUnderTest(ChainEndpoints endpoints, Action<ChainResilienceOptions>? tune = null, TimeProvider? time = null)
    {
        _endpoints = endpoints;
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton<IChainEndpointSource>(this)
            .AddMidnight(new ConfigurationBuilder().Build())
            .Configure<MidnightNetworkOptions>(options =>
            {
                options.Resilience.RetryDelay = TimeSpan.FromMilliseconds(1);
                options.Resilience.MaxRetryDelay = TimeSpan.FromMilliseconds(20);
                tune?.Invoke(options.Resilience);
            })
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public IContractReader Contracts => _services.GetRequiredService<IContractReader>();

    public IChainIndexer Indexer => _services.GetRequiredService<IChainIndexer>();

    public IChainNode Node => _services.GetRequiredService<IChainNode>();

    public IFaucet Faucet => _services.GetRequiredService<IFaucet>();

    public void MoveTo(ChainEndpoints endpoints) => _endpoints = endpoints;

    public ValueTask<ChainEndpoints> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_endpoints);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
