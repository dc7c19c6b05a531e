using MidnightOS.Core.Directory;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Transactions;
using MidnightOS.Orchestrations.Transactions;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Transactions;

public sealed class RescueTransfersTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(true, TransactionStatus.Failed)]
    [InlineData(false, TransactionStatus.Expired)]
    public async Task Run_FlowEndedBeforeTheTransferWasSubmitted_GivesTheReservationBack(bool confirmed, TransactionStatus expected)
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3", confirmed: confirmed);
        await BreakAsync(host, transfer);
        await RescueAsync(host);
        Assert.Equal(expected, (await host.ReadAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_FlowEndedAfterTheTransferWasSubmitted_LearnsItsEndFromTheChain()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000, 9_000_000);
        var (mined, lost) = (await host.SubmittedAsync(bot, "3"), await host.SubmittedAsync(bot, "4"));
        await BreakAsync(host, mined);
        await BreakAsync(host, lost);
        await RescueAsync(host);
        Assert.Equal(TransactionStatus.Submitted, (await host.ReadAsync(lost)).Status);

        host.Chain.Drop(host.Chain.Submitted[1]);
        host.Chain.Mine();
        host.Chain.Mine(TimeSpan.FromMinutes(11));
        await RescueAsync(host);
        await RescueAsync(host);
        Assert.Equal(TransactionStatus.Confirmed, (await host.ReadAsync(mined)).Status);
        Assert.Equal(TransactionStatus.Failed, (await host.ReadAsync(lost)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_FlowWasNeverStarted_StartsItAndLeavesOneThatRuns()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        await host.Get<RescueTransfers>().RunAsync(TimeSpan.FromSeconds(20), default);
        Assert.Null(await host.Get<IFlowClient>().FindAsync(transfer.TransactionId, default));

        await RescueAsync(host);
        Assert.Equal(FlowStatus.Running, (await host.Get<IFlowClient>().FindAsync(transfer.TransactionId, default))?.Status);
        await RescueAsync(host);
        Assert.Equal(TransactionStatus.Requested, (await host.ReadAsync(transfer)).Status);
    }

    [Fact]
    public async Task Run_NothingIsOpen_LetsTheMarkerFall()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        await host.Get<DecideTransaction>().CancelAsync(transfer.Tenant, transfer.TransactionId, default);
        Assert.Single(await MarkersAsync(host));
        await RescueAsync(host);
        await RescueAsync(host);
        Assert.Empty(await MarkersAsync(host));
    }

    private static Task<IReadOnlyList<DueMarker>> MarkersAsync(MoneyHost host) =>
        host.Get<IDirectory>().ListDueAsync(OpenTransfers.Queue, host.Clock.GetUtcNow() + TimeSpan.FromHours(1), 10, default);

    private static async Task RescueAsync(MoneyHost host)
    {
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.False(await host.Get<RescueTransfers>().RunAsync(TimeSpan.FromSeconds(20), default));
    }

    // A flow of this transfer that ended by a defect.
    private static async Task BreakAsync(MoneyHost host, TransactionRef transfer)
    {
        var journal = host.Get<IFlowJournal>();
        var now = host.Clock.GetUtcNow();
        await journal.CreateAsync(new NewFlow(transfer.TransactionId, TransactionFlowNames.Flow.Name, "{}", now), default);
        var claims = await journal.ClaimAsync(new FlowClaimQuery([TransactionFlowNames.Flow.Name], 1, now, now + TimeSpan.FromSeconds(10)), default);
        var end = new FlowNext.End(FlowStatus.Failed, null, "a defect", now);
        await journal.CommitAsync(Assert.Single(claims.Claims).Lease, new FlowTurn(0, [], null, 0, end), default);
        Assert.Equal(FlowStatus.Failed, (await journal.FindAsync(transfer.TransactionId, default))?.Status);
    }
}
