using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain;
using MidnightOS.Midnight.Devnet;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Integration.Chain;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>A chain that outlives the hosts: one devnet, a process of its own, for all tests of the collection.</summary>
public sealed class ChainUnderCrashes : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("midnightos-").FullName;
    private ServiceProvider? _services;
    private DevnetReady? _devnet;

    /// <summary>The settings that lead a host to this chain; it runs no devnet of its own then.</summary>
    public string[] Settings => ["--Midnight:Indexer", _devnet!.Indexer.ToString(), "--Midnight:Node", _devnet.Node.ToString()];

    /// <summary>Where the chain takes transactions.</summary>
    public Uri Node => _devnet!.Node;

    /// <summary>Reads contracts of the chain.</summary>
    internal ChainUnderTest Client() => new(ChainEndpoints.Of(new MidnightNetworkOptions { Indexer = _devnet!.Indexer.ToString(), Node = _devnet.Node.ToString() }));

    public async Task InitializeAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Devnet:IndexerPort"] = "0",
            ["Devnet:NodePort"] = "0",
            ["Devnet:BlockTime"] = "00:00:00.2",
            ["Devnet:Folder"] = _folder,
        }).Build();
        _services = new ServiceCollection().AddLogging().AddNodeWorkspace(configuration).AddDevnet(configuration).BuildServiceProvider();
        _devnet = await _services.GetRequiredService<DevnetProcess>().StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What the ledger says that an address holds, in atomic units.</summary>
    public Task<string> BalanceAsync(string address) => BalanceAsync(_devnet!.Indexer, _devnet.Node, address);

    /// <summary>What the ledger of a devnet says that an address holds, in atomic units.</summary>
    public static async Task<string> BalanceAsync(Uri indexer, Uri node, string address)
    {
        var endpoints = ChainEndpoints.Of(new MidnightNetworkOptions { Indexer = indexer.ToString(), Node = node.ToString() });
        await using var chain = new ChainUnderTest(endpoints);
        UInt128 balance = 0;
        await foreach (var seen in chain.Indexer.WatchAddressAsync(address, afterTransactionId: 0, CancellationToken.None))
        {
            if (seen is not AddressTransaction transaction)
            {
                break;
            }

            balance = transaction.Created.Aggregate(balance, static (sum, coin) => sum + coin.Value.Atomic);
            balance = transaction.Spent.Aggregate(balance, static (sum, coin) => sum - coin.Value.Atomic);
        }

        return balance.ToString();
    }
}

[CollectionDefinition(Name)]
public sealed class CrashCollection : ICollectionFixture<ChainUnderCrashes>
{
    public const string Name = "crashes";
}
