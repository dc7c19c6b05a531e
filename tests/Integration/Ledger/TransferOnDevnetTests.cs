using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;
using MidnightOS.Midnight;
using MidnightOS.Midnight.Devnet;

namespace MidnightOS.Tests.Integration.Ledger;

/// <summary>The worker, the devnet and the chain client together: money really moves.</summary>
public sealed class TransferOnDevnetTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _folder = Directory.CreateTempSubdirectory("midnightos-").FullName;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task SubmitAsync_FinishedTransfer_CoinsAreTheRecipients(int coins)
    {
        await using var services = Services();
        await services.GetRequiredService<DevnetProcess>().StartAsync(None);
        var ledger = services.GetRequiredService<ILedger>();
        using var alice = new TestSecret(3);
        using var bob = new TestSecret(4);
        var from = await ledger.DeriveAsync(alice, NetworkId.Undeployed, None);
        var to = await ledger.DeriveAsync(bob, NetworkId.Undeployed, None);
        var inputs = await FundAsync(services, from.UnshieldedAddress, coins);
        var tip = await services.GetRequiredService<IChainIndexer>().GetTipAsync(None);

        var total = Amount.Sum(inputs.Select(coin => coin.Value));
        var change = new Amount(1);
        var plan = new TransferPlan(
            NetworkId.Undeployed,
            inputs,
            [new Payment(to.UnshieldedAddressHex, total - change, PoolUnderTest.Night), new Payment(from.UnshieldedAddressHex, change, PoolUnderTest.Night)],
            tip.Time.AddMinutes(10));
        var bound = (await ledger.BuildTransferAsync(alice, plan, None)).Value;
        var submission = await services.GetRequiredService<IChainNode>().SubmitAsync(bound.Bytes, None);

        Assert.Equal(SubmissionOutcome.Accepted, submission.Outcome);
        var received = await NextCoinsAsync(services, to.UnshieldedAddress, 1);
        Assert.Equal(total - change, Assert.Single(received).Value);
        var found = await services.GetRequiredService<IChainIndexer>().FindAsync(bound.Identifiers[0], None);
        Assert.Equal(ChainResult.Success, found?.Status);
        Assert.Equal(bound.Hash, found?.Hash);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<IReadOnlyList<Coin>> FundAsync(ServiceProvider services, string address, int coins)
    {
        for (var coin = 0; coin < coins; coin++)
        {
            var minted = await services.GetRequiredService<IFaucet>().MintAsync(address, new Amount(1_000_000), null, None);
            Assert.True(minted.IsSuccess, minted.Error?.Message);
        }

        return await NextCoinsAsync(services, address, coins);
    }

    private static async Task<IReadOnlyList<Coin>> NextCoinsAsync(ServiceProvider services, string address, int count)
    {
        var coins = new List<Coin>();
        await foreach (var change in services.GetRequiredService<IChainIndexer>().WatchAddressAsync(address, 0, None))
        {
            coins.AddRange(change is AddressTransaction transaction ? transaction.Created : []);
            if (coins.Count >= count)
            {
                break;
            }
        }

        return coins;
    }

    private ServiceProvider Services()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Devnet:IndexerPort", "0"), new("Devnet:NodePort", "0"), new("Devnet:Folder", Path.Combine(_folder, "chain"))])
            .Build();
        return new ServiceCollection().AddLogging().AddMidnight(configuration).AddDevnet(configuration).BuildServiceProvider();
    }
}
