using MidnightOS.Core.Money;
using MidnightOS.Core.Transactions;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Transactions;

public sealed class CoinQueueTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Build_LookWithoutWord_WakesNobody()
    {
        await using var host = await _world.HostAsync();
        var (first, second) = await TwoWhoWaitAsync(host);
        await host.BuildAsync(first);
        await host.BuildAsync(second);
        Assert.Empty(await WokenAsync(host));
    }

    [Fact]
    public async Task Build_WokenForACoinThatIsTooSmall_PassesTheWordOn()
    {
        await using var host = await _world.HostAsync();
        var (first, second) = await TwoWhoWaitAsync(host);
        Assert.True((await host.BuildAsync(first, woken: true)).WaitsForCoin);
        Assert.Equal([second.TransactionId], await WokenAsync(host));
    }

    [Fact]
    public async Task Settle_ChangeComesBack_WakesTheOldestWhoWaits()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var holder = await host.SubmittedAsync(bot, "1");
        var first = await host.SendAsync(bot, "2");
        var second = await host.SendAsync(bot, "2");
        Assert.True((await host.BuildAsync(first)).WaitsForCoin);
        Assert.True((await host.BuildAsync(second)).WaitsForCoin);

        host.Chain.Mine();
        await host.CheckAsync(holder);
        Assert.Equal([first.TransactionId], await WokenAsync(host));
        Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(first, woken: true)).Status);
    }

    [Fact]
    public async Task Build_WokenWhileMoreCoinsAreFree_WakesTheNextWhoWaits()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000, 10_000_000);
        var holders = new[] { await host.SubmittedAsync(bot, "1"), await host.SubmittedAsync(bot, "1") };
        var (first, second) = (await host.SendAsync(bot, "2"), await host.SendAsync(bot, "2"));
        await host.BuildAsync(first);
        await host.BuildAsync(second);

        // Both coins come back before the first who waits has had a look: both words are for that one.
        host.Chain.Mine();
        await host.CheckAsync(holders[0]);
        await host.CheckAsync(holders[1]);
        Assert.Equal([first.TransactionId], (await WokenAsync(host)).Distinct());

        Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(first, woken: true)).Status);
        Assert.Contains(second.TransactionId, await WokenAsync(host));
        Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(second, woken: true)).Status);
    }

    [Fact]
    public async Task Send_ManyOnTwoHosts_SpendEachCoinOnceAndEndAtRest()
    {
        await using var host = await _world.HostAsync();
        await using var other = await _world.HostAsync();
        var bot = await host.CreateFundedAsync([.. Enumerable.Repeat(2_000_000L, 8)]);
        var request = new SendRequest(bot.Tenant, bot.BotId, MoneyHost.User, _world.Stranger, "1.5");

        // Eight coins of 2 pay for ten transfers of 1.5 and not for twelve; nobody may be promised what is not there.
        var sent = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Task.Run(() => (n % 2 == 0 ? host : other).Get<SendFunds>().RunAsync(request, default))));
        var open = sent.Where(static result => result.IsSuccess).Select(result => new TransactionRef(bot.Tenant, bot.BotId, result.Value.Id)).ToList();
        Assert.Equal(10, open.Count);
        await other.Get<DecideTransaction>().CancelAsync(bot.Tenant, open[0].TransactionId, default);

        for (var round = 0; round < 12; round++)
        {
            await Task.WhenAll(open.Select((transfer, n) => Task.Run(async () =>
            {
                var mine = n % 2 == 0 ? host : other;
                await mine.BuildAsync(transfer);
                await mine.SubmitAsync(transfer);
            })));
            host.Chain.Mine();
            await Task.WhenAll(open.Select((transfer, n) => Task.Run(() => (n % 2 == 0 ? other : host).CheckAsync(transfer))));
        }

        Assert.Equal(Enumerable.Repeat(new Amount(1_500_000), 9), host.Chain.CoinsOf(_world.Stranger).Select(static coin => coin.Value));
        await host.AssertAtRestAsync(bot);
    }

    // One transfer holds the coin, two wait, and a coin that is too small for both is free.
    private static async Task<(TransactionRef First, TransactionRef Second)> TwoWhoWaitAsync(MoneyHost host)
    {
        var bot = await host.CreateFundedAsync(10_000_000, 1);
        await host.SubmittedAsync(bot, "1");
        var (first, second) = (await host.SendAsync(bot, "2"), await host.SendAsync(bot, "2"));
        await host.BuildAsync(first);
        await host.BuildAsync(second);
        return (first, second);
    }

    private static async Task<IEnumerable<string>> WokenAsync(MoneyHost host) =>
        (await host.OutboxAsync()).Where(static record => record.FlowEvent?.Name == TransactionFlowNames.CoinFree).Select(static record => record.FlowEvent!.FlowId);
}
