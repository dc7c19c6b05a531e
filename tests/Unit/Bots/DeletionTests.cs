using MidnightOS.Core.Bots;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Money;
using MidnightOS.Core.Operations;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Bots;

public sealed class DeletionTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Sweep_MoreCoinsThanOneTransferTakes_EmptiesTheWalletInSeveral()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync([.. Enumerable.Repeat(1000L, 120)]);
        var deletion = await DeleteAsync(host, bot);
        var transfers = await SweepAsync(host, deletion);

        Assert.Equal(3, transfers);
        Assert.Equal(new Amount(120_000), Amount.Sum(host.Chain.CoinsOf(_world.Stranger).Select(static coin => coin.Value)));
        await host.AssertAtRestAsync(bot);
        await host.StepAsync<RemoveBot, BotRef, StageOutcome>(deletion.Bot);
        Assert.Equal("NOT_FOUND", (await host.Get<ReadBots>().FindAsync(bot.Tenant, bot.BotId, default)).Error!.Code.Name);
    }

    [Fact]
    public async Task Sweep_FundsThatArriveMeanwhile_AreSweptToo()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(5_000_000);
        var deletion = await DeleteAsync(host, bot);
        var first = await StartAsync(host, deletion, 1);
        host.Chain.Fund(await host.AddressAsync(bot), 70_000_000);
        await host.SyncAsync(bot);
        await CarryAsync(host, first);
        await SweepAsync(host, deletion, from: 2);
        Assert.Equal(new Amount(75_000_000), Amount.Sum(host.Chain.CoinsOf(_world.Stranger).Select(static coin => coin.Value)));
        await host.AssertAtRestAsync(bot);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sweep_StepRepeatedAfterItsTransferEnded_GivesTheSameTransfer(bool confirmed)
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync([.. Enumerable.Repeat(1000L, 60)]);
        var deletion = await DeleteAsync(host, bot);
        var transfer = await StartAsync(host, deletion, 1);

        // The host died before the step's result was written; the transfer's own flow went on elsewhere.
        if (confirmed)
        {
            await CarryAsync(host, transfer);
        }
        else
        {
            await host.Get<DecideTransaction>().CancelAsync(transfer.Tenant, transfer.TransactionId, default);
        }

        var again = host.StepAsync<SweepBot, BotDeletion, SweepOutcome>(deletion);
        Assert.Equal(transfer.TransactionId, (await again.WaitAsync(TimeSpan.FromSeconds(30))).TransactionId);
    }

    [Fact]
    public async Task Sweep_BotWhoseCreationFailed_CanStillBeSigned()
    {
        await using var host = await _world.HostAsync();
        var made = await host.Get<CreateBot>().RunAsync(
            new CreateBotRequest(MoneyHost.Tenant, MoneyHost.User, "Ada", null, BotType.General, null, new BotConfig()), default);
        var bot = new BotRef(MoneyHost.Tenant, made.Value.Bot.Id, made.Value.Operation.Id);
        await host.StepAsync<SaveBotConfig, BotRef, StageOutcome>(bot);
        await host.StepAsync<RegisterAgent, BotRef, StageOutcome>(bot);
        await host.StepAsync<CreateWallet, BotRef, StageOutcome>(bot);
        await host.StepAsync<UndoBotCreation, BotFailure, StageOutcome>(new BotFailure(bot, "no"));
        Assert.Equal(BotStatus.Failed, (await host.BotAsync(bot)).Status);

        host.Chain.Fund(await host.AddressAsync(bot), 5_000_000);
        await host.SyncAsync(bot);
        await SweepAsync(host, await DeleteAsync(host, bot));
        Assert.Equal([new Amount(5_000_000)], host.Chain.CoinsOf(_world.Stranger).Select(static coin => coin.Value));
    }

    [Fact]
    public async Task Undo_BotThatRunsAlready_KeepsItsSeedAndItsFunds()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(5_000_000);

        // Activation was stored, but its step's answer and every retry after it were lost.
        await host.StepAsync<UndoBotCreation, BotFailure, StageOutcome>(new BotFailure(bot, "It did not answer in time."));

        Assert.Equal(BotStatus.Running, (await host.BotAsync(bot)).Status);
        using var secret = (await host.Get<IWalletCustody>().OpenAsync(Wallet.RefOf(bot.Tenant, bot.BotId), default)).Value;
        Assert.NotNull(secret);
        Assert.Equal(OperationStatus.Succeeded, (await host.Get<GetOperation>().RunAsync(bot.Tenant, bot.OperationId, default)).Value.Status);
    }

    [Fact]
    public async Task Delete_TransferUnderWay_IsRefusedInEveryOpenState()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(5_000_000);
        var transfer = await host.SendAsync(bot, "1");
        Assert.Equal("INVALID_STATE", (await TryDeleteAsync(host, bot)).Error!.Code.Name);
        await host.BuildAsync(transfer);
        Assert.Equal("INVALID_STATE", (await TryDeleteAsync(host, bot)).Error!.Code.Name);
        await host.SubmitAsync(transfer);
        Assert.Equal("INVALID_STATE", (await TryDeleteAsync(host, bot)).Error!.Code.Name);
        host.Chain.Mine();
        await host.CheckAsync(transfer);
        Assert.True((await TryDeleteAsync(host, bot)).IsSuccess);
    }

    [Fact]
    public async Task Delete_WhileManySend_EitherPaysOrDeletesAndLeavesNothingReserved()
    {
        await using var host = await _world.HostAsync();
        await using var other = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(5_000_000, 5_000_000);
        var request = new SendRequest(bot.Tenant, bot.BotId, MoneyHost.User, _world.Stranger, "1");
        var sends = Enumerable.Range(0, 6).Select(n => Task.Run(() => (n % 2 == 0 ? host : other).Get<SendFunds>().RunAsync(request, default))).ToList();
        var deleted = await Task.Run(() => TryDeleteAsync(other, bot));
        var accepted = (await Task.WhenAll(sends)).Count(static sent => sent.IsSuccess);

        Assert.True(deleted.IsSuccess ? accepted == 0 : accepted > 0);
        Assert.Equal(new Amount((UInt128)(accepted * 1_000_000)), (await host.BookAsync(bot)).Of(Token.Night.Type).Reserved);
    }

    [Fact]
    public async Task Sweep_GivenUp_LetsItsTransferPayNothingMore()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(5_000_000);
        var deletion = await DeleteAsync(host, bot);
        var transfer = await StartAsync(host, deletion, 1);
        await host.StepAsync<KeepBot, BotFailure, StageOutcome>(new BotFailure(deletion.Bot, "no"));
        Assert.Equal(TransactionStatus.Rejected, (await host.BuildAsync(transfer)).Status);
        Assert.Equal(BotStatus.Stopped, (await host.BotAsync(bot)).Status);
        await host.AssertAtRestAsync(bot);
    }

    private Task<Core.Results.Result<BotOperation>> TryDeleteAsync(MoneyHost host, BotRef bot) =>
        host.Get<DeleteBot>().RunAsync(new DeleteBotRequest(bot.Tenant, MoneyHost.User, bot.BotId, null, _world.Stranger), default);

    private async Task<BotDeletion> DeleteAsync(MoneyHost host, BotRef bot)
    {
        var deleted = await TryDeleteAsync(host, bot);
        Assert.True(deleted.IsSuccess, deleted.Error?.Message);
        return new BotDeletion(new BotRef(bot.Tenant, bot.BotId, deleted.Value.Operation.Id), _world.Stranger, MoneyHost.User);
    }

    private static async Task<TransactionRef> StartAsync(MoneyHost host, BotDeletion deletion, int sequence)
    {
        var started = await host.StepAsync<SweepBot, BotDeletion, SweepOutcome>(deletion, sequence);
        Assert.Null(started.Error);
        return new TransactionRef(deletion.Bot.Tenant, deletion.Bot.BotId, started.TransactionId!);
    }

    private static async Task CarryAsync(MoneyHost host, TransactionRef transfer)
    {
        Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(transfer)).Status);
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
    }

    private static async Task<int> SweepAsync(MoneyHost host, BotDeletion deletion, int from = 1)
    {
        for (var sequence = from; ; sequence++)
        {
            var started = await host.StepAsync<SweepBot, BotDeletion, SweepOutcome>(deletion, sequence);
            Assert.Null(started.Error);
            if (started.TransactionId is null)
            {
                return sequence - from;
            }

            await CarryAsync(host, new TransactionRef(deletion.Bot.Tenant, deletion.Bot.BotId, started.TransactionId));
        }
    }
}
