using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Wallets;

public sealed class ApplyChainTransactionTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(200)]
    public async Task Sync_PaymentOfManyCoins_IsInTheBookOnce(int coins)
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync([.. Enumerable.Range(1, coins).Select(static n => (long)n)]);
        await host.AssertAtRestAsync(bot);
        Assert.Equal(coins * (coins + 1) / 2, (int)(await host.BookAsync(bot)).Of(Token.Night.Type).Total.Atomic);
        Assert.Single(await host.TransactionsAsync(bot), static t => t.Direction is TransactionDirection.In);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public async Task Sync_PaymentOfManyTokensAtOnce_IsRecordedForEach(int coinsOfEach)
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var types = Enumerable.Range(1, 60).Select(static n => n.ToString("x64", null)).ToList();
        host.Chain.FundWith(await host.AddressAsync(bot), [.. types.SelectMany(type => Enumerable.Repeat((type, new Amount(5)), coinsOfEach))]);

        await host.SyncAsync(bot);
        await host.SyncAsync(bot);

        var book = await host.BookAsync(bot);
        Assert.All(types, type => Assert.Equal(new Holding(new Amount((UInt128)(5 * coinsOfEach)), Amount.Zero, coinsOfEach), book.Of(type)));
        Assert.Equal(types, (await host.TransactionsAsync(bot)).Select(static t => t.TokenType).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sync_TwoHostsAtOnce_CountEachTransactionOnce()
    {
        await using var host = await _world.HostAsync();
        await using var other = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        foreach (var amount in Enumerable.Range(1, 20))
        {
            host.Chain.Fund(await host.AddressAsync(bot), amount, amount);
        }

        await Task.WhenAll(host.SyncAsync(bot), other.SyncAsync(bot));

        await host.AssertAtRestAsync(bot);
        Assert.Equal(20, (await host.TransactionsAsync(bot)).Count);
    }

    [Fact]
    public async Task Sync_TokenThatLeft_LeavesTheBook()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var address = await host.AddressAsync(bot);
        host.Chain.FundWith(address, [(new string('a', 64), new Amount(9))]);
        await host.SyncAsync(bot);
        Assert.Single((await host.BookAsync(bot)).Holdings);

        host.Chain.SpendElsewhere(address, host.Chain.CoinsOf(address)[0], _world.Stranger);
        await host.SyncAsync(bot);
        Assert.Empty((await host.BookAsync(bot)).Holdings);
    }

    [Theory]
    [InlineData(TransactionStatus.AwaitingConfirmation)]
    [InlineData(TransactionStatus.Building)]
    [InlineData(TransactionStatus.Proving)]
    [InlineData(TransactionStatus.Submitted)]
    public async Task Sync_CoinSpentByACopyOfTheSeed_TheTransferGoesOnWithAnother(TransactionStatus reached)
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(5_000_000, 6_000_000);
        var address = await host.AddressAsync(bot);
        var transfer = await ReachAsync(host, bot, reached);
        var coin = host.Chain.CoinsOf(address).Single(static c => c.Value == new Amount(5_000_000));
        host.Chain.DropPool();
        host.Chain.SpendElsewhere(address, coin, _world.Stranger);
        await host.SyncAsync(bot);
        Assert.Equal(new Amount(6_000_000), (await host.BookAsync(bot)).Of(Token.Night.Type).Total);

        await host.Get<DecideTransaction>().ConfirmAsync(transfer.Tenant, transfer.TransactionId, default);
        for (var attempt = 0; attempt < 3 && !TransactionTransitions.IsFinal((await host.ReadAsync(transfer)).Status); attempt++)
        {
            await host.BuildAsync(transfer);
            await host.SubmitAsync(transfer);
            host.Chain.Mine();
            host.Chain.Mine(TimeSpan.FromMinutes(11));
            await host.CheckAsync(transfer);
        }

        // A node that refuses the one and only submission ends it; in every other state it is carried out with the coin that is left.
        var expected = reached is TransactionStatus.Proving ? TransactionStatus.Failed : TransactionStatus.Confirmed;
        Assert.Equal(expected, (await host.ReadAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Build_OneOfTheHeldCoinsWasSpentElsewhere_HoldsNoCoinForEver()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(3_000_000, 4_000_000);
        var address = await host.AddressAsync(bot);
        var transfer = await host.SubmittedAsync(bot, "6.5");
        host.Chain.DropPool();
        host.Chain.SpendElsewhere(address, host.Chain.CoinsOf(address)[0], _world.Stranger);
        host.Chain.Fund(address, 9_000_000);
        await host.SyncAsync(bot);
        host.Chain.Mine(TimeSpan.FromMinutes(11));
        Assert.Equal(TransactionStatus.Building, (await host.CheckAsync(transfer)).Status);

        await host.BuildAsync(transfer);
        Assert.Single(await host.LockedAsync(bot));
        await host.SubmitAsync(transfer);
        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
    }

    private static async Task<TransactionRef> ReachAsync(MoneyHost host, BotRef bot, TransactionStatus status)
    {
        var transfer = await host.SendAsync(bot, "4.5", confirmed: status is not TransactionStatus.AwaitingConfirmation);
        if (status is TransactionStatus.AwaitingConfirmation)
        {
            return transfer;
        }

        if (status is TransactionStatus.Building)
        {
            await host.Get<ChooseCoins>().RunAsync(transfer, woken: false, default);
        }
        else
        {
            await host.BuildAsync(transfer);
        }

        if (status is TransactionStatus.Submitted)
        {
            await host.SubmitAsync(transfer);
        }

        Assert.Equal(status, (await host.ReadAsync(transfer)).Status);
        return transfer;
    }
}
