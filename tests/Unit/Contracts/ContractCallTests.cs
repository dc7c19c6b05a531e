using System.Text;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Contracts;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;
using MidnightOS.Orchestrations.Rescue;
using MidnightOS.Tests.Integration.Secrets;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Contracts;

/// <summary>Contract calls on the real stores, the real flow engine and real proof jobs; what proves is the test.</summary>
public sealed class ContractCallTests : IDisposable
{
    private const string Holder = "test";
    private const string Witness = """{"transcript":["a private matter"]}""";

    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Run_ProofsAreMade_IsConfirmedAndNothingPrivateIsLeft()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var call = await CallAsync(host, bot);
        Assert.Single(await BlobsAsync(host, "contract-calls"));

        await host.RunUntilAsync(async () => (await JobsAsync(host)).Count == 2);
        Assert.Equal(TransactionStatus.Proving, (await host.ReadAsync(call)).Status);
        Assert.All(await JobsAsync(host), job => Assert.Equal((ProofPriority.Transaction, call.TransactionId), (job.Priority, Assert.Single(job.Flows))));
        await ProveAllAsync(host);
        var end = await EndAsync(host, call);
        Assert.Equal(
            [TransactionStatus.Requested, TransactionStatus.Building, TransactionStatus.Proving, TransactionStatus.Submitted, TransactionStatus.Confirmed],
            end.History.Select(static moment => moment.Status));
        Assert.Equal((TransactionType.ContractCall, Amount.Zero, "count"), (end.Type, end.Amount, end.Contract!.EntryPoint));
        Assert.NotNull(end.Block);
        Assert.Single(host.Chain.Submitted);
        await AssertErasedAsync(host, call);
        await host.AssertAtRestAsync(bot);
    }

    [Fact]
    public async Task Run_ProofFails_FailsWithItsReasonAndSubmitsNothing()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        await host.RunUntilAsync(async () => (await JobsAsync(host)).Count == 2);
        await FailOneAsync(host, "the witness does not satisfy the circuit");
        var end = await EndAsync(host, call);
        Assert.Equal((TransactionStatus.Failed, "Its proof could not be made: the witness does not satisfy the circuit"), (end.Status, end.Error));
        Assert.Empty(host.Chain.Submitted);
        await AssertErasedAsync(host, call);
    }

    [Fact]
    public async Task Run_CancelledWhileProving_EndsAtOnceAndTakesItsProofsBack()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        await host.RunUntilAsync(async () => (await JobsAsync(host)).Count == 2);
        Assert.True((await host.Get<DecideTransaction>().CancelAsync(call.Tenant, call.TransactionId, default)).IsSuccess);
        Assert.Contains(await host.OutboxAsync(), record => record.FlowEvent is { Name: ProofFlowEvents.Ended } told && told.FlowId == call.TransactionId);
        var end = await EndAsync(host, call);
        Assert.Equal(TransactionStatus.Cancelled, end.Status);
        Assert.All(await JobsAsync(host), static job => Assert.Equal(ProofJobStatus.Cancelled, job.Status));
        Assert.Empty(host.Chain.Submitted);
        await AssertErasedAsync(host, call);
    }

    [Fact]
    public async Task Run_CancelledBetweenRequestAndRecordOfItsProofs_LeavesNoJobBehind()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        host.Contracts.BeforeWanted = async () => await host.Get<DecideTransaction>().CancelAsync(call.Tenant, call.TransactionId, default);
        await EndAsync(host, call);
        Assert.All(await JobsAsync(host), static job => Assert.Equal(ProofJobStatus.Cancelled, job.Status));
        await AssertErasedAsync(host, call);
    }

    [Fact]
    public async Task Run_NobodyProvesInTime_ExpiresBeforeTheBytesDo()
    {
        await using var host = await _world.HostAsync(new() { ["Transactions:CallTimeToLive"] = "00:02:00" });
        var call = await CallAsync(host, await host.CreateBotAsync());
        var end = await EndAsync(host, call);
        Assert.Equal((TransactionStatus.Expired, "Its proof was not made in time. Nothing was done."), (end.Status, end.Error));
        Assert.Equal(1, end.Work!.Attempt);
        Assert.Empty(host.Chain.Submitted);
        await AssertErasedAsync(host, call);
    }

    [Fact]
    public async Task Run_NoBlockTakesIt_ExpiresAndIsNotBuiltAgain()
    {
        await using var host = await _world.HostAsync(new() { ["Transactions:CallTimeToLive"] = "00:02:00" });
        var call = await CallAsync(host, await host.CreateBotAsync());
        host.Chain.Answers.Enqueue(static () => new Submission(SubmissionOutcome.Accepted, null));
        await host.RunUntilAsync(async () => (await JobsAsync(host)).Count == 2);
        await ProveAllAsync(host);
        host.Mines = false;
        await host.RunUntilAsync(async () => (await host.ReadAsync(call)).Status is TransactionStatus.Submitted);
        while (host.Chain.Now <= (await host.ReadAsync(call)).Work!.Ttl)
        {
            host.Chain.DropPool();
            host.Chain.Mine(TimeSpan.FromMinutes(1));
        }

        var end = await EndAsync(host, call);
        Assert.Equal(TransactionStatus.Expired, end.Status);

        // A step may be run twice before its result is stored (the clock here outruns its lease); what was stored and submitted is one build.
        Assert.Equal((1, 0), (end.Work!.Attempt, end.Work.Earlier.Count));
    }

    [Fact]
    public async Task Run_BotIsPausedWhileProving_IsRejected()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        var call = await CallAsync(host, bot);
        await host.RunUntilAsync(async () => (await JobsAsync(host)).Count == 2);
        Assert.True((await host.Get<MoveBot>().RunAsync(bot.Tenant, bot.BotId, BotAction.Pause, null, default)).IsSuccess);
        var end = await EndAsync(host, call);
        Assert.Equal((TransactionStatus.Rejected, "The bot is not running any more."), (end.Status, end.Error));
        Assert.Empty(host.Chain.Submitted);
    }

    [Fact]
    public async Task Run_StateChangedSinceItWasAccepted_FailsWithTheLedgersReason()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        host.Contracts.Refuse = static _ => Error.Invalid("transcript", "mismatch between expected and actual read");
        var end = await EndAsync(host, call);
        Assert.Equal((TransactionStatus.Failed, "mismatch between expected and actual read"), (end.Status, end.Error));
        await AssertErasedAsync(host, call);
    }

    [Fact]
    public async Task Run_AHostDiesWhileProving_TheNextOneGoesOnWithTheSameBytes()
    {
        TransactionRef call;
        DateTimeOffset died;
        await using (var first = await _world.HostAsync())
        {
            call = await CallAsync(first, await first.CreateBotAsync());
            await first.RunUntilAsync(async () => (await JobsAsync(first)).Count == 2);
            died = first.Clock.GetUtcNow();
        }

        await using var second = await _world.HostAsync();
        second.Clock.Set(died + TimeSpan.FromMinutes(1));
        await ProveAllAsync(second);
        var end = await EndAsync(second, call);
        Assert.Equal(TransactionStatus.Confirmed, end.Status);
        Assert.Equal(0, second.Contracts.Built);
    }

    [Fact]
    public async Task CallAsync_WhatIsNotAllowed_IsRefusedAndKeepsNothing()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        await AssertRefusedAsync(ErrorCodes.NotFound, Request(bot) with { BotId = "bot_01ARZ3NDEKTSV4RRFFQ69G5FAV" });
        await AssertRefusedAsync(ErrorCodes.NotFound, Request(bot) with { Call = new ContractCall(new string('d', 64), "count") });
        await AssertRefusedAsync(ErrorCodes.InvalidRequest, Request(bot) with { Call = new ContractCall(new string('C', 64), "count") });
        await AssertRefusedAsync(ErrorCodes.InvalidRequest, Request(bot) with { Call = new ContractCall(ScriptedContracts.Address, "no such") });
        await AssertRefusedAsync(ErrorCodes.InvalidRequest, Request(bot) with { Payload = new CallPayload([1], new CircuitKeys([], [1], [1])) });
        await AssertRefusedAsync(ErrorCodes.InvalidRequest, Request(bot) with { Payload = new CallPayload([1], new CircuitKeys(new byte[CheckCall.MaxKeys], [1], [1])) });
        await AssertRefusedAsync(ErrorCodes.InvalidRequest, Request(bot) with { Payload = new CallPayload(new byte[CheckCall.MaxWitness + 1], new CircuitKeys([1], [1], [1])) });
        await AssertRefusedAsync(ErrorCodes.InvalidRequest, Request(bot) with { Note = new string('n', 501) });
        host.Contracts.Refuse = static _ => Error.Invalid("entryPoint", "The contract has no such entry point.");
        await AssertRefusedAsync(ErrorCodes.InvalidRequest, Request(bot));
        host.Contracts.Refuse = static _ => null;
        Assert.True((await host.Get<MoveBot>().RunAsync(bot.Tenant, bot.BotId, BotAction.Pause, null, default)).IsSuccess);
        await AssertRefusedAsync(ErrorCodes.InvalidState, Request(bot));
        Assert.Empty(await BlobsAsync(host, "contract-calls"));

        async Task AssertRefusedAsync(ErrorCode code, CallRequest request) =>
            Assert.Equal(code, (await host.Get<CallContract>().RunAsync(request, default)).Error?.Code);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("spend", false)]
    [InlineData("spend,call", true)]
    [InlineData("", false)]
    public void Refusal_Permissions_DecideAlone(string? permissions, bool allowed)
    {
        var config = new BotConfig { Capabilities = new BotCapabilities(Permissions: permissions?.Split(',', StringSplitOptions.RemoveEmptyEntries)) };
        Assert.Equal(allowed, CallPolicy.Refusal(config) is null);
    }

    [Fact]
    public async Task CallAsync_AskedTwiceWithOneId_IsOneTransaction()
    {
        await using var host = await _world.HostAsync();
        var request = Request(await host.CreateBotAsync()) with { TransactionId = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAV" };
        var first = await host.Get<CallContract>().RunAsync(request, default);
        var second = await host.Get<CallContract>().RunAsync(request, default);
        Assert.Equal(first.Value.Id, second.Value.Id);
        Assert.Equal(1, host.Contracts.Built);
    }

    [Fact]
    public async Task Rescue_FlowWasNeverStarted_StartsTheFlowOfCalls()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        await host.Get<RescueWork>().RunAsync(TimeSpan.FromSeconds(20), default);
        Assert.Equal(ContractCallFlowNames.Flow.Name, (await host.Get<IFlowClient>().FindAsync(call.TransactionId, default))?.Flow);
    }

    [Fact]
    public async Task EraseCalls_PayloadWithoutATransaction_IsErasedAfterAnHourAndOneInUseIsNot()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        const string Orphan = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAV";
        await host.Get<EraseCalls>().MarkAsync(MoneyHost.Tenant, Orphan, default);
        using var payload = Payload();
        await host.Get<CallPayloads>().PutAsync(MoneyHost.Tenant, Orphan, payload, default);
        await host.Get<EraseCalls>().RunAsync(TimeSpan.FromSeconds(10), default);
        Assert.Equal(2, (await BlobsAsync(host, "contract-calls")).Count);

        host.Clock.Advance(TimeSpan.FromHours(2));
        await host.Get<EraseCalls>().RunAsync(TimeSpan.FromSeconds(10), default);
        Assert.Equal([call.TransactionId], await BlobsAsync(host, "contract-calls"));
    }

    [Fact]
    public async Task PutAsync_Payload_IsSealed()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        await using var stream = await host.Get<IBlobStore>().OpenReadAsync(new BlobName(call.Tenant, "contract-calls", call.TransactionId), default);
        using var stored = new MemoryStream();
        await stream!.CopyToAsync(stored);
        Assert.DoesNotContain("private matter", Encoding.Latin1.GetString(stored.ToArray()), StringComparison.Ordinal);
        using var payload = await host.Get<CallPayloads>().ReadAsync(call.Tenant, call.TransactionId, default);
        Assert.Equal(Witness, Encoding.UTF8.GetString(payload!.Witness));
        Assert.Equal((3, 2, 1), (payload.Keys.ProverKey.Length, payload.Keys.VerifierKey.Length, payload.Keys.Ir.Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_Witness_IsInNoFileWhileItIsProvedNorAfter(bool proved)
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        await host.RunUntilAsync(async () => (await JobsAsync(host)).Count == 2);
        AssertNowhere(_world.Folder.Path);

        if (proved)
        {
            await ProveAllAsync(host);
        }
        else
        {
            await host.Get<DecideTransaction>().CancelAsync(call.Tenant, call.TransactionId, default);
        }

        var end = await EndAsync(host, call);
        Assert.Equal(proved ? TransactionStatus.Confirmed : TransactionStatus.Cancelled, end.Status);
        AssertNowhere(_world.Folder.Path);
        Assert.Empty((await BytesAsync(host, call)).Built);
    }

    [Fact]
    public async Task EraseCalls_FlowDidNotEndIt_ForgetsWhatWasBuilt()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        await host.StepAsync<BuildCall, TransactionRef, TransactionStanding>(call);
        Assert.NotEmpty((await BytesAsync(host, call)).Built);
        await host.Get<DecideTransaction>().CancelAsync(call.Tenant, call.TransactionId, default);
        host.Clock.Advance(TimeSpan.FromHours(2));
        await host.Get<EraseCalls>().RunAsync(TimeSpan.FromSeconds(10), default);
        Assert.Empty((await BytesAsync(host, call)).Built);
        Assert.Empty(await BlobsAsync(host, "contract-calls"));
    }

    [Fact]
    public async Task Prove_JobCannotBeStored_WipesItsRequest()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host, await host.CreateBotAsync());
        await host.StepAsync<BuildCall, TransactionRef, TransactionStanding>(call);
        host.BeforeRead = static key => key.Kind == ProofJob.Kind ? throw new IOException("The disk is gone.") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => host.StepAsync<ProveCall, TransactionRef, CallProofOutcome>(call));
        Assert.NotEmpty(host.Contracts.LastRequest);
        Assert.All(host.Contracts.LastRequest, static b => Assert.Equal(0, b));
    }

    private static void AssertNowhere(string folder)
    {
        var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Witness));
        Assert.Empty(new SecretSearch().Add("witness", Witness).Add("witness's hex", hex).InFiles(folder));
    }

    private static async Task<SignedTransaction> BytesAsync(MoneyHost host, TransactionRef call) =>
        (await host.Store.ReadAsync<SignedTransaction>(call.Tenant, SignedTransaction.Key(call.TransactionId), default))!.Value;

    private static CallPayload Payload() => new(Encoding.UTF8.GetBytes(Witness), new CircuitKeys([1, 2, 3], [4, 5], [6]));

    [Fact]
    public async Task Check_InAnAppWithoutTheLedger_AsksTheChainAloneAndLeavesTheRestToTheFlow()
    {
        await using var host = await _world.HostAsync();
        var bot = await host.CreateBotAsync();
        host.Contracts.Refuse = static _ => Error.Invalid("transcript", "It does not fit.");
        var check = new CheckCall(host.Store, host.Contracts, prepare: null, host.Get<NetworkProfile>());
        Assert.True((await check.RunAsync(Request(bot), default)).IsSuccess);
        var elsewhere = Request(bot) with { Call = new ContractCall(new string('d', 64), "count") };
        Assert.Equal(ErrorCodes.NotFound, (await check.RunAsync(elsewhere, default)).Error?.Code);
    }

    private static CallRequest Request(BotRef bot) =>
        new(bot.Tenant, bot.BotId, MoneyHost.User, new ContractCall(ScriptedContracts.Address, "count"), Payload());

    private static async Task<TransactionRef> CallAsync(MoneyHost host, BotRef bot)
    {
        var called = await host.Get<CallContract>().RunAsync(Request(bot), default);
        Assert.True(called.IsSuccess, called.Error?.Message);
        return new TransactionRef(bot.Tenant, bot.BotId, called.Value.Id);
    }

    private static async Task<IReadOnlyList<ProofJob>> JobsAsync(MoneyHost host) =>
        (await host.Get<ReadProof>().ListAsync(MoneyHost.Tenant, 100, null, default)).Jobs;

    private static async Task ProveAllAsync(MoneyHost host)
    {
        foreach (var job in await JobsAsync(host))
        {
            var held = await host.Get<HoldProof>().StartAsync(MoneyHost.Tenant, job.Id, Holder, default);
            var request = await host.Get<ProofPayloads>().ReadRequestAsync(MoneyHost.Tenant, held!.Payload, default, default);
            var outcome = new ProofOutcome(ScriptedContracts.ProofOf(request), null, 6, TimeSpan.FromSeconds(1));
            Assert.True(await host.Get<FinishProof>().RunAsync(MoneyHost.Tenant, held, outcome, default));
        }
    }

    private static async Task FailOneAsync(MoneyHost host, string reason)
    {
        var job = (await JobsAsync(host))[0];
        var held = await host.Get<HoldProof>().StartAsync(MoneyHost.Tenant, job.Id, Holder, default);
        var outcome = new ProofOutcome(default, new ProofFailure(ProofFailureKind.BadInput, reason), null, TimeSpan.Zero);
        Assert.True(await host.Get<FinishProof>().RunAsync(MoneyHost.Tenant, held!, outcome, default));
    }

    /// <summary>Waits until the flow itself has ended: what it erases it erases last.</summary>
    private static async Task<Transaction> EndAsync(MoneyHost host, TransactionRef call)
    {
        await host.RunUntilAsync(async () => await host.Get<IFlowClient>().FindAsync(call.TransactionId, default) is { Status: not FlowStatus.Running });
        Assert.Equal(FlowStatus.Completed, (await host.Get<IFlowClient>().FindAsync(call.TransactionId, default))!.Status);
        return await host.ReadAsync(call);
    }

    private static async Task AssertErasedAsync(MoneyHost host, TransactionRef call)
    {
        Assert.Empty(await BlobsAsync(host, "contract-calls"));
        Assert.Empty(await BlobsAsync(host, "proofs"));
        var record = await host.Store.GetAsync(call.Tenant, Transaction.Key(call.TransactionId), default);
        Assert.DoesNotContain("private matter", Encoding.UTF8.GetString(record!.Json.Span), StringComparison.Ordinal);
    }

    private static async Task<List<string>> BlobsAsync(MoneyHost host, string container)
    {
        List<string> names = [];
        await foreach (var blob in host.Get<IBlobStore>().ListAsync(MoneyHost.Tenant, container, default))
        {
            names.Add(blob.Name);
        }

        return names;
    }
}
