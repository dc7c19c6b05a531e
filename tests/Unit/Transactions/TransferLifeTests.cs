using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Money;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Transactions;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Transactions;

/// <summary>A transfer, step by step, and what the chain does to it.</summary>
public sealed class TransferLifeTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Settle_MinedTransfer_MovesTotalAndReservationTogether()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SubmittedAsync(bot, "3");
        Assert.Equal(new Amount(7_000_000), (await host.BookAsync(bot)).Of(Token.Night.Type).Available);

        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
        Assert.Equal(new Amount(7_000_000), (await host.BookAsync(bot)).Of(Token.Night.Type).Available);
    }

    [Fact]
    public async Task Prove_TransferThatAnEarlierVersionSignedAndDidNotBind_IsBoundAndPaid()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        Assert.True((await host.BuildAsync(transfer)).Bound);
        var key = SignedTransaction.Key(transfer.TransactionId);
        var stored = (await host.Store.ReadAsync<SignedTransaction>(transfer.Tenant, key, default))!;
        var unbound = stored.Value with { Built = stored.Value.Bound!, Bound = null };
        Assert.True((await host.Store.CommitAsync(transfer.Tenant, new Batch().Put(key, unbound, Precondition.Match(stored.ETag), []).Writes, default)).Committed);

        await host.StepAsync<ProveTransaction, TransactionRef, TransactionStanding>(transfer);
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Settle_TransferToTheWalletItself_LeavesTheTotal()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SubmittedAsync(bot, "3", await host.AddressAsync(bot));
        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
        Assert.Equal(new Amount(10_000_000), (await host.BookAsync(bot)).Of(Token.Night.Type).Total);
    }

    [Fact]
    public async Task Settle_TransferThatExpiredHere_IsConfirmedByTheChain()
    {
        await using var host = await _world.HostAsync(new() { ["Transactions:MaxAttempts"] = "1" });
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SubmittedAsync(bot, "3");
        host.Chain.Mine();

        // A replica of the indexer that is behind: the tip is past the time to live, the look-up and the subscription do not have the block yet.
        host.Chain.Mine(TimeSpan.FromMinutes(11));
        host.Chain.FindLag = 2;
        host.Chain.WatchLag = 2;
        Assert.Equal(TransactionStatus.Expired, (await host.CheckAsync(transfer)).Status);
        host.Chain.FindLag = host.Chain.WatchLag = 0;

        await host.SyncAsync(bot);
        Assert.Equal(TransactionStatus.Confirmed, (await host.ReadAsync(transfer)).Status);
        Assert.Single(await host.TransactionsAsync(bot), static t => t.Direction is TransactionDirection.Out);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Settle_TransferThatIsBuiltAnew_ConfirmsItAndPaysOnce()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000, 9_000_000);
        var transfer = await host.SubmittedAsync(bot, "3");
        host.Chain.Mine();
        host.Chain.Mine(TimeSpan.FromMinutes(11));
        host.Chain.FindLag = host.Chain.WatchLag = 2;
        Assert.Equal(TransactionStatus.Building, (await host.CheckAsync(transfer)).Status);
        host.Chain.FindLag = host.Chain.WatchLag = 0;

        await host.SyncAsync(bot);
        await host.BuildAsync(transfer);
        await host.SubmitAsync(transfer);
        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.ReadAsync(transfer)).Status);
        Assert.Equal([new Amount(3_000_000)], host.Chain.CoinsOf(_world.Stranger).Select(static coin => coin.Value));
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Settle_FirstAttemptAfterTheSecondWasSigned_ConfirmsItAndPaysOnce()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000, 9_000_000);
        var transfer = await host.SubmittedAsync(bot, "3");
        host.Chain.Mine();
        host.Chain.Mine(TimeSpan.FromMinutes(11));
        host.Chain.FindLag = host.Chain.WatchLag = 2;
        await host.CheckAsync(transfer);
        await host.BuildAsync(transfer);
        await host.StepAsync<ProveTransaction, TransactionRef, TransactionStanding>(transfer);
        host.Chain.FindLag = host.Chain.WatchLag = 0;

        await host.SyncAsync(bot);
        await host.SubmitAsync(transfer);
        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.ReadAsync(transfer)).Status);
        Assert.Single(host.Chain.CoinsOf(_world.Stranger));
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Check_InABlockThatTheBookHasAlready_ConfirmsIt()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SubmittedAsync(bot, "3");
        host.Chain.Mine();
        var submitted = await host.ReadAsync(transfer);

        // The record as a backup from before the binding would have it: its identifiers are not known when the book is synced.
        await host.StoreAsync(submitted with { Status = TransactionStatus.Proving, Identifiers = [], Hash = null });
        await host.SyncAsync(bot);
        await host.StoreAsync(submitted);

        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
        Assert.Equal(new Amount(3_000_000), (await host.BookAsync(bot)).SpentOnDay);
    }

    [Fact]
    public async Task Check_TimeToLivePassedWhileTheIndexerLags_WaitsForTheIndexer()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SubmittedAsync(bot, "3");
        host.Chain.Mine();
        host.Chain.Mine(TimeSpan.FromMinutes(11));
        host.Chain.Lag = 2;
        Assert.Equal(new CheckOutcome(TransactionStatus.Submitted, Resubmit: true), await host.CheckAsync(transfer));
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
        host.Chain.Lag = 0;
        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Check_NoBlockTookItThreeTimes_ExpiresAndGivesEverythingBack()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(TransactionStatus.Proving, (await host.BuildAsync(transfer)).Status);
            Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
            host.Chain.DropPool();
            host.Chain.Mine(TimeSpan.FromMinutes(11));
            var status = (await host.CheckAsync(transfer)).Status;
            Assert.Equal(attempt < 3 ? TransactionStatus.Building : TransactionStatus.Expired, status);
        }

        await host.AssertAtRestAsync(bot);
        Assert.Equal(Amount.Zero, (await host.BookAsync(bot)).SpentOnDay);
        Assert.Equal(3, host.Chain.Submitted.Count);
    }

    [Fact]
    public async Task Submit_AnswerLost_SubmitsTheSameBytesAgain()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        await host.BuildAsync(transfer);
        await host.StepAsync<ProveTransaction, TransactionRef, TransactionStanding>(transfer);
        host.Chain.Answers.Enqueue(() =>
        {
            host.Chain.Admit(host.Chain.Submitted[^1]);
            throw new ChainUnavailableException("The answer was lost.");
        });
        await Assert.ThrowsAsync<ChainUnavailableException>(() => host.SubmitAsync(transfer));
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
        Assert.Equal(host.Chain.Submitted[0], host.Chain.Submitted[1]);

        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Submit_RefusedAtOnce_FailsAndGivesEverythingBack()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        await host.BuildAsync(transfer);
        host.Chain.Answers.Enqueue(static () => new Submission(SubmissionOutcome.Refused, "no"));
        Assert.Equal(TransactionStatus.Failed, await host.SubmitAsync(transfer));
        await host.AssertAtRestAsync(bot);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Submit_TimeToLivePassedBeforeTheFirstSubmission_IsBuiltAnewAndPaysOnce(int lag)
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        await host.BuildAsync(transfer);

        // The host was away: with a lag the node already refuses what the tip does not show to be over.
        host.Chain.Mine(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(3));
        host.Chain.Mine();
        host.Chain.Lag = lag;
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));

        host.Chain.Lag = 0;
        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Building, (await host.CheckAsync(transfer)).Status);
        await host.BuildAsync(transfer);
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
        host.Chain.Mine();
        Assert.Equal(TransactionStatus.Confirmed, (await host.CheckAsync(transfer)).Status);
        await host.AssertAtRestAsync(bot);
        Assert.Single(host.Chain.Transactions, static transaction => transaction.Identifiers.Count > 0);
    }

    [Fact]
    public async Task Submit_RefusedAfterALostAnswer_StaysSubmitted()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SendAsync(bot, "3");
        await host.BuildAsync(transfer);
        host.Chain.Answers.Enqueue(static () => throw new ChainUnavailableException("lost"));
        host.Chain.Answers.Enqueue(static () => new Submission(SubmissionOutcome.Refused, "no"));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => host.SubmitAsync(transfer));
        Assert.Equal(TransactionStatus.Submitted, await host.SubmitAsync(transfer));
    }

    [Fact]
    public async Task Submit_HostThatFellBehindTheNextAttempt_SubmitsNothing()
    {
        await using var host = await _world.HostAsync();
        await using var other = await _world.HostAsync();
        var bot = await host.CreateFundedAsync(10_000_000);
        var transfer = await host.SubmittedAsync(bot, "3");
        host.Chain.DropPool();

        // This host has counted its submission; before it reads the bytes, the other finds the time passed and builds and binds anew.
        host.BeforeRead = async key =>
        {
            if (key == SignedTransaction.Key(transfer.TransactionId))
            {
                host.BeforeRead = static _ => Task.CompletedTask;
                host.Chain.Mine(TimeSpan.FromMinutes(11));
                await other.CheckAsync(transfer);
                await other.BuildAsync(transfer);
                await other.StepAsync<ProveTransaction, TransactionRef, TransactionStanding>(transfer);
            }
        };
        await host.StepAsync<SubmitTransaction, TransactionRef, TransactionStanding>(transfer);

        Assert.Single(host.Chain.Submitted);
        Assert.Equal(TransactionStatus.Proving, (await host.ReadAsync(transfer)).Status);
    }
}
