using MidnightOS.Core.Bots;
using MidnightOS.Core.Money;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Transactions;

/// <summary>What users and owners decide while a transfer is under way.</summary>
public sealed class DecisionTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task GiveUp_ConfirmedAtTheLastMoment_StaysConfirmed()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3", confirmed: false);
        Assert.True((await host.Get<DecideTransaction>().ConfirmAsync(transfer.Tenant, transfer.TransactionId, default)).IsSuccess);

        // The flow's time ran out before word of the confirmation reached it.
        var late = new GiveUpInput(transfer, TransactionAction.Expire, "It was not confirmed in time.", TransactionStatus.AwaitingConfirmation);
        Assert.Equal(TransactionStatus.Requested, (await host.StepAsync<GiveUpTransaction, GiveUpInput, TransactionStanding>(late)).Status);
        Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(transfer)).Status);
    }

    [Fact]
    public async Task Confirm_AfterItsTime_IsRefusedAndTheReservationGoesBack()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3", confirmed: false);
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("INVALID_STATE", (await host.Get<DecideTransaction>().ConfirmAsync(transfer.Tenant, transfer.TransactionId, default)).Error!.Code.Name);
        var expire = new GiveUpInput(transfer, TransactionAction.Expire, "It was not confirmed in time.", TransactionStatus.AwaitingConfirmation);
        Assert.Equal(TransactionStatus.Expired, (await host.StepAsync<GiveUpTransaction, GiveUpInput, TransactionStanding>(expire)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Decide_AnotherTenantsTransaction_IsNotFound()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3", confirmed: false);
        var stranger = new Core.Identity.TenantId("ten_00000000000000000000000001");
        Assert.Equal("NOT_FOUND", (await host.Get<DecideTransaction>().ConfirmAsync(stranger, transfer.TransactionId, default)).Error!.Code.Name);
        Assert.Equal("NOT_FOUND", (await host.Get<DecideTransaction>().CancelAsync(stranger, transfer.TransactionId, default)).Error!.Code.Name);
        Assert.Equal("NOT_FOUND", (await host.Get<ReadTransactions>().FindAsync(stranger, transfer.TransactionId, default)).Error!.Code.Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Cancel_BeforeItIsSubmitted_GivesEverythingBackOnce(int steps)
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        if (steps > 0)
        {
            await host.BuildAsync(transfer);
        }

        if (steps > 1)
        {
            await host.StepAsync<ProveTransaction, TransactionRef, TransactionStanding>(transfer);
        }

        var decide = host.Get<DecideTransaction>();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => decide.CancelAsync(transfer.Tenant, transfer.TransactionId, default)));
        Assert.Equal(TransactionStatus.Cancelled, await host.SubmitAsync(transfer));
        Assert.Empty(host.Chain.Submitted);
        await host.AssertAtRestAsync(bot);
        Assert.Equal(Amount.Zero, (await host.BookAsync(bot)).SpentOnDay);
    }

    [Fact]
    public async Task Build_BotPausedWhileItIsSigned_SignsNothing()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        host.Ledger.BeforeBuild = async () => await host.Get<MoveBot>().RunAsync(bot.Tenant, bot.BotId, BotAction.Pause, null, default);

        Assert.Equal(TransactionStatus.Rejected, (await host.BuildAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Submit_BotPausedSinceItWasSigned_SubmitsNothing()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        await host.BuildAsync(transfer);
        await host.Get<MoveBot>().RunAsync(bot.Tenant, bot.BotId, BotAction.Pause, null, default);

        Assert.Equal(TransactionStatus.Rejected, await host.SubmitAsync(transfer));
        Assert.Empty(host.Chain.Submitted);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Submit_BotPausedSinceItWasSubmitted_SubmitsTheSameBytesAgain()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SubmittedAsync(bot, "3");
        await host.Get<MoveBot>().RunAsync(bot.Tenant, bot.BotId, BotAction.Pause, null, default);
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
        Assert.Equal(2, host.Chain.Submitted.Count);
    }

    [Theory]
    [InlineData("perTransaction", TransactionStatus.Rejected)]
    [InlineData("perDay", TransactionStatus.Rejected)]
    [InlineData("confirmAbove", TransactionStatus.Rejected)]
    [InlineData("approveAbove", TransactionStatus.Rejected)]
    [InlineData("none", TransactionStatus.Proving)]
    public async Task Build_PolicyTightenedSinceItWasAccepted_HoldsForIt(string limit, TransactionStatus expected)
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        await LimitAsync(host, bot, limit, "2.5");
        Assert.Equal(expected, (await host.BuildAsync(transfer)).Status);
        if (expected is TransactionStatus.Rejected)
        {
            await host.AssertAtRestAsync(bot);
        }
    }

    [Fact]
    public async Task Build_ConfirmedAndPolicyNowAsksForConfirmation_GoesOn()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3", confirmed: false);
        await host.Get<DecideTransaction>().ConfirmAsync(transfer.Tenant, transfer.TransactionId, default);
        await LimitAsync(host, bot, "confirmAbove", "2.5");
        Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(transfer)).Status);
    }

    [Fact]
    public async Task Build_OnTheDayAfter_CountsAmongTheSpendsOfThatDay()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(50_000_000, 50_000_000);
        await LimitAsync(host, bot, "perDay", "10");
        host.Clock.Set(new DateTimeOffset(2026, 6, 1, 23, 58, 0, TimeSpan.Zero));
        var yesterdays = await host.SendAsync(bot, "10", confirmed: false);
        host.Clock.Set(new DateTimeOffset(2026, 6, 2, 0, 5, 0, TimeSpan.Zero));
        await host.Get<DecideTransaction>().ConfirmAsync(yesterdays.Tenant, yesterdays.TransactionId, default);
        Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(yesterdays)).Status);

        var more = new SendRequest(bot.Tenant, bot.BotId, MoneyHost.User, _world.Stranger, "0.000001");
        Assert.Equal("POLICY_DENIED", (await host.Get<SendFunds>().RunAsync(more, default)).Error!.Code.Name);

        await host.Get<DecideTransaction>().CancelAsync(yesterdays.Tenant, yesterdays.TransactionId, default);
        Assert.True((await host.Get<SendFunds>().RunAsync(more, default)).IsSuccess);
    }

    [Fact]
    public async Task Send_ClockOfTheNextHostIsBehindAtMidnight_DoesNotOpenTheDayAgain()
    {
        await using var host = await _world.HostAsync();
        await using var behind = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(50_000_000);
        await LimitAsync(host, bot, "perDay", "10");
        host.Clock.Set(new DateTimeOffset(2026, 6, 2, 0, 0, 0, TimeSpan.Zero));
        behind.Clock.Set(new DateTimeOffset(2026, 6, 1, 23, 59, 59, TimeSpan.Zero));

        var first = await host.SendAsync(bot, "6");
        var more = new SendRequest(bot.Tenant, bot.BotId, MoneyHost.User, _world.Stranger, "6");
        Assert.Equal("POLICY_DENIED", (await behind.Get<SendFunds>().RunAsync(more, default)).Error!.Code.Name);
        var second = await behind.SendAsync(bot, "3");
        var third = await host.SendAsync(bot, "1");
        foreach (var transfer in (TransactionRef[])[first, second, third])
        {
            Assert.True((await behind.Get<DecideTransaction>().CancelAsync(transfer.Tenant, transfer.TransactionId, default)).IsSuccess);
        }

        Assert.Equal(Amount.Zero, (await host.BookAsync(bot)).SpentOnDay);
        await host.AssertAtRestAsync(bot);
    }

    private static async Task LimitAsync(MoneyHost host, BotRef bot, string limit, string amount)
    {
        var limits = limit switch
        {
            "perTransaction" => new SpendLimits(PerTransaction: amount),
            "perDay" => new SpendLimits(PerDay: amount),
            "confirmAbove" => new SpendLimits(ConfirmAbove: amount),
            "approveAbove" => new SpendLimits(ApproveAbove: amount),
            _ => new SpendLimits(),
        };
        var changed = await host.Get<UpdateBot>().RunAsync(
            new UpdateBotRequest(bot.Tenant, bot.BotId, null, b => b with { Config = b.Config with { Capabilities = b.Config.Capabilities! with { Limits = limits } } }),
            default);
        Assert.True(changed.IsSuccess, changed.Error?.Message);
    }
}
