using MidnightOS.Core.Bots;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Money;
using MidnightOS.Core.Wallets;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Wallets;

public sealed class FollowChainTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Run_BlocksWhileTheHostWasAway_BringsTheirWalletsUpToDate()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        await FollowAsync(host);
        host.Chain.Fund(await host.AddressAsync(bot), 7);
        host.Chain.Mine();

        await using var restarted = await _world.HostAsync();
        await FollowAsync(restarted);
        Assert.Equal(new Amount(7), (await restarted.BookAsync(bot)).Of(Token.Night.Type).Total);
        Assert.Equal(2, await restarted.Get<ChainCursor>().HeightAsync(default));
    }

    [Fact]
    public async Task Run_ManyBlocksOfOneWalletWhileTheHostWasAway_ReadsItOnce()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        await FollowAsync(host);
        for (var block = 0; block < 50; block++)
        {
            host.Chain.Fund(await host.AddressAsync(bot), 1);
        }

        await using var restarted = await _world.HostAsync();
        var before = host.Chain.Reads;
        await FollowAsync(restarted);
        Assert.Equal(new Amount(50), (await restarted.BookAsync(bot)).Of(Token.Night.Type).Total);
        Assert.InRange(host.Chain.Reads - before, 1, 2);
    }

    [Fact]
    public async Task Run_WalletPaidBeforeTheFirstBlockWasFollowed_IsBroughtUpToDate()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        host.Chain.Fund(await host.AddressAsync(bot), 7);
        host.Chain.Mine();

        // The follower begins at the newest block, behind the payment.
        await FollowAsync(host);
        Assert.Empty((await host.BookAsync(bot)).Holdings);
        using var stop = new CancellationTokenSource();
        var run = host.Get<FollowChain>().RunAsync(TimeSpan.FromMinutes(1), stop.Token);
        while (!run.IsCompleted && (await host.BookAsync(bot)).Holdings.Count == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(new Amount(7), (await host.BookAsync(bot)).Of(Token.Night.Type).Total);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Wallet_IndexerDoesNotAnswer_ClaimsNoFullBookOfATipThatItNeverSaw()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        host.Chain.Mine();
        await FollowAsync(host);
        Assert.Equal((WalletSyncState.Synced, 1, 1, 100), await SyncAsync(host, bot));

        host.Chain.Down = true;
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((WalletSyncState.Unavailable, 1, 1, 100), await SyncAsync(host, bot));

        await using var restarted = await _world.HostAsync();
        Assert.Equal((WalletSyncState.Unavailable, 1, 1, 0), await SyncAsync(restarted, bot));
    }

    [Fact]
    public async Task Run_OneWalletCannotBeApplied_TheOthersFollow()
    {
        await using var host = await _world.HostAsync();
        var (broken, bot) = (await host.CreateBotAsync(), await host.CreateBotAsync());
        await FollowAsync(host);

        // More than the ledger's own type can count: no book can hold it.
        host.Chain.FundWith(await host.AddressAsync(broken), [(new string('b', 64), new Amount(UInt128.MaxValue)), (new string('b', 64), new Amount(1))]);
        host.Chain.Fund(await host.AddressAsync(bot), 7);
        await FollowAsync(host);

        Assert.Equal(new Amount(7), (await host.BookAsync(bot)).Of(Token.Night.Type).Total);
    }

    [Fact]
    public async Task Run_AnotherHostFollows_LeavesItTheChain()
    {
        await using var host = await _world.HostAsync();
        await using var other = await _world.HostAsync();
        var lease = await other.Get<ILeaseStore>().TryAcquireAsync("chain-follower", TimeSpan.FromSeconds(15), default);
        Assert.NotNull(lease);
        Assert.False(await host.Get<FollowChain>().RunAsync(TimeSpan.FromSeconds(20), default));

        await other.Get<ILeaseStore>().ReleaseAsync(lease, default);
        await FollowAsync(host);
        Assert.Equal(new ChainPosition(0, "00"), await host.Get<ChainCursor>().ReadAsync(default));
    }

    [Fact]
    public async Task Run_ChainWithoutBlocksForLong_KeepsTheLease()
    {
        await using var host = await _world.HostAsync();
        await using var other = await _world.HostAsync();
        using var stop = new CancellationTokenSource();
        var run = host.Get<FollowChain>().RunAsync(TimeSpan.FromMinutes(5), stop.Token);
        while (await host.Get<ChainCursor>().ReadAsync(default) is null)
        {
            await Task.Yield();
        }

        // Each second is let pass only when the follower waits for it again, so that none is missed; the budget is the other timer.
        for (var second = 0; second < 30; second++)
        {
            while (host.Clock.WaitingTimers < 2)
            {
                await Task.Yield();
            }

            host.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        while (host.Clock.WaitingTimers < 2)
        {
            await Task.Yield();
        }

        Assert.Null(await other.Get<ILeaseStore>().TryAcquireAsync("chain-follower", TimeSpan.FromSeconds(15), default));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.NotNull(await other.Get<ILeaseStore>().TryAcquireAsync("chain-follower", TimeSpan.FromSeconds(15), default));
    }

    [Fact]
    public async Task Run_AnotherChain_StopsBeforeItTouchesAnything()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        await host.Get<ChainCursor>().WriteAsync(new ChainPosition(1, "feed"), default);
        host.Chain.Fund(await host.AddressAsync(bot), 7);

        Assert.False(await host.Get<FollowChain>().RunAsync(TimeSpan.FromSeconds(20), default));
        Assert.Empty((await host.BookAsync(bot)).Holdings);
        Assert.Equal(new ChainPosition(1, "feed"), await host.Get<ChainCursor>().ReadAsync(default));
    }

    [Fact]
    public async Task Run_ChainBehindTheCursor_StopsAndKeepsTheCursor()
    {
        await using var host = await _world.HostAsync();
        await host.Get<ChainCursor>().WriteAsync(new ChainPosition(9, "feed"), default);
        Assert.False(await host.Get<FollowChain>().RunAsync(TimeSpan.FromSeconds(20), default));
        Assert.Equal(9, await host.Get<ChainCursor>().HeightAsync(default));
    }

    private static async Task<(WalletSyncState State, long Height, long Tip, int Percentage)> SyncAsync(MoneyHost host, BotRef bot)
    {
        var sync = (await host.Get<GetWallet>().RunAsync(bot.Tenant, bot.BotId, default)).Value.Sync;
        return (sync.State, sync.Height, sync.Tip, sync.Percentage);
    }

    // Follows until the cursor stands at the newest block, then lets the budget end.
    private static async Task FollowAsync(MoneyHost host)
    {
        var run = host.Get<FollowChain>().RunAsync(TimeSpan.FromSeconds(10), default);
        var tip = (await host.Chain.GetTipAsync(default)).Height;
        while (!run.IsCompleted && (await host.Get<ChainCursor>().HeightAsync(default) != tip || await host.Get<ChainCursor>().ReadAsync(default) is null))
        {
            await Task.Yield();
        }

        while (!run.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(11));
            await Task.Yield();
        }

        await run;
    }
}
