using MidnightOS.Core.Bots;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Money;
using MidnightOS.Core.Operations;
using MidnightOS.Core.Transactions;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Transactions;

/// <summary>The flows of money on the real engine and journal.</summary>
public sealed class TransactionFlowTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Run_TransfersThatShareOneCoin_AreCarriedOutOneAfterTheOther()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfers = new List<TransactionRef>();
        foreach (var _ in Enumerable.Range(0, 4))
        {
            transfers.Add(await host.SendAsync(bot, "1.5"));
        }

        await host.RunUntilAsync(async () => (await Task.WhenAll(transfers.Select(host.ReadAsync))).All(static t => t.Status is TransactionStatus.Confirmed));
        Assert.Equal(4, host.Chain.CoinsOf(_world.Stranger).Count);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_NeverConfirmed_ExpiresAndGivesTheReservationBack()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "1.5", confirmed: false);
        await host.RunUntilAsync(async () => (await host.ReadAsync(transfer)).Status is TransactionStatus.Expired);
        Assert.Equal("It was not confirmed in time.", (await host.ReadAsync(transfer)).Error);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_ConfirmedButItsWordIsLate_IsCarriedOut()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "1.5", confirmed: false);
        await host.RunUntilAsync(async () => (await host.Get<IFlowClient>().FindAsync(transfer.TransactionId, default))?.CustomStatus is not null);

        // Confirmed a moment before the end; its event is told only after the flow's time has run out.
        host.Clock.Set((await host.ReadAsync(transfer)).Work!.DecideBy!.Value - TimeSpan.FromMilliseconds(1));
        Assert.True((await host.Get<DecideTransaction>().ConfirmAsync(transfer.Tenant, transfer.TransactionId, default)).IsSuccess);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.RunUntilAsync(async () => TransactionTransitions.IsFinal((await host.ReadAsync(transfer)).Status));
        Assert.Equal(TransactionStatus.Confirmed, (await host.ReadAsync(transfer)).Status);
    }

    [Fact]
    public async Task Run_IndexerAwayAfterTheSubmission_WaitsAndSettles()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "1.5");
        host.Mines = false;

        // The state is stored before the node has the bytes.
        await host.RunUntilAsync(() => Task.FromResult(host.Chain.Submitted.Count > 0));
        host.Chain.Down = true;
        host.Chain.Mine();
        var until = host.Clock.GetUtcNow() + TimeSpan.FromMinutes(20);
        await host.RunUntilAsync(() => Task.FromResult(host.Clock.GetUtcNow() > until));
        Assert.Equal(TransactionStatus.Submitted, (await host.ReadAsync(transfer)).Status);

        host.Chain.Down = false;
        await host.RunUntilAsync(async () => (await host.ReadAsync(transfer)).Status is TransactionStatus.Confirmed);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_DeletionOfABotWithManyCoins_EmptiesItAndEnds()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync([.. Enumerable.Repeat(1000L, 70)]);
        var deleted = await host.Get<DeleteBot>().RunAsync(new DeleteBotRequest(bot.Tenant, MoneyHost.User, bot.BotId, null, _world.Stranger), default);
        Task<Operation> OperationAsync() => OfAsync(host, bot, deleted.Value.Operation.Id);
        await host.RunUntilAsync(async () => (await OperationAsync()).Status is not OperationStatus.Running);
        Assert.Equal(OperationStatus.Succeeded, (await OperationAsync()).Status);
        Assert.Equal(new Amount(70_000), Amount.Sum(host.Chain.CoinsOf(_world.Stranger).Select(static coin => coin.Value)));
    }

    private static async Task<Operation> OfAsync(MoneyHost host, BotRef bot, string operation) =>
        (await host.Get<GetOperation>().RunAsync(bot.Tenant, operation, default)).Value;
}
