using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Transactions;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Transactions;

public sealed class SettleRestoredTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Run_TransfersThatWereNotSigned_AreEndedAndGiveTheirReservationsBack()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var (waiting, requested) = (await host.SendAsync(bot, "1", confirmed: false), await host.SendAsync(bot, "2"));
        Assert.Equal(2, await SettleAsync(host));
        Assert.Equal(TransactionStatus.Expired, (await host.ReadAsync(waiting)).Status);
        Assert.Equal(TransactionStatus.Failed, (await host.ReadAsync(requested)).Status);
        Assert.Contains("backup", (await host.ReadAsync(requested)).Error, StringComparison.Ordinal);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_TransferThatWasSigned_IsCarriedThroughWithTheSameBytes()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "2");
        Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(transfer)).Status);
        Assert.Equal(0, await SettleAsync(host));
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_SignedTransferThatNoBlockTook_IsNeverSignedAnew()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SubmittedAsync(bot, "2");
        Assert.Equal(0, await SettleAsync(host));
        host.Chain.DropPool();
        host.Chain.Mine(TimeSpan.FromMinutes(11));
        Assert.Equal(TransactionStatus.Expired, (await host.CheckAsync(transfer)).Status);
        Assert.Contains("backup", (await host.ReadAsync(transfer)).Error, StringComparison.Ordinal);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_SignedTransferThatTheNetworkRefuses_IsNotSaidToHaveFailedBeforeItsTimeIsOver()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "2");
        Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(transfer)).Status);
        Assert.Equal(0, await SettleAsync(host));

        // What the copy does not know of may be in the node's pool: the refusal says nothing of these bytes.
        host.Chain.Answers.Enqueue(static () => new Submission(SubmissionOutcome.Refused, "its coins are spent"));
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
        host.Chain.Mine(TimeSpan.FromMinutes(11));
        Assert.Equal(TransactionStatus.Expired, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_ClockBehindTheOneOfTheCopy_EndsThemAllTheSame()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "1");
        host.Clock.Set(host.Clock.GetUtcNow() - TimeSpan.FromHours(2));
        Assert.Equal(1, await SettleAsync(host));
        Assert.Equal(TransactionStatus.Failed, (await host.ReadAsync(transfer)).Status);
    }

    [Fact]
    public async Task Run_SeveralWallets_AreSettledOnce()
    {
        await using var host = await _world.HostAsync();
        List<TransactionRef> transfers = [];
        for (var i = 0; i < 3; i++)
        {
            var bot = await host.CreateFundedAsync(10_000_000);
            transfers.Add(await host.SendAsync(bot, "1"));
        }

        Assert.Equal(3, await SettleAsync(host));
        Assert.Equal(0, await SettleAsync(host));
        foreach (var transfer in transfers)
        {
            Assert.Equal(TransactionStatus.Failed, (await host.ReadAsync(transfer)).Status);
        }
    }

    private static async Task<int> SettleAsync(MoneyHost host)
    {
        await using var scope = host.Get<IServiceScopeFactory>().CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SettleRestored>().RunAsync(default);
    }
}
