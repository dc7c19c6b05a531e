using MidnightOS.Core.Directory;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Transactions;
using MidnightOS.Orchestrations.Rescue;
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
        await host.BreakFlowAsync(TransactionFlowNames.Flow.Name, transfer.TransactionId);
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
        await host.BreakFlowAsync(TransactionFlowNames.Flow.Name, mined.TransactionId);
        await host.BreakFlowAsync(TransactionFlowNames.Flow.Name, lost.TransactionId);
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
        await host.Get<RescueWork>().RunAsync(TimeSpan.FromSeconds(20), default);
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
        host.Get<IDirectory>().ListDueAsync(OpenWork.Queue, host.Clock.GetUtcNow() + TimeSpan.FromHours(1), 10, default);

    private static async Task RescueAsync(MoneyHost host)
    {
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.False(await host.Get<RescueWork>().RunAsync(TimeSpan.FromSeconds(20), default));
    }
}
