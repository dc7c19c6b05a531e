using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Contracts;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Transactions;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Proofs.Apart;

/// <summary>What a contract call makes of jobs whose records and results somebody else wrote: it waits or fails, and never keeps its host busy.</summary>
public sealed class StrangeResultTests : IDisposable
{
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Prove_ResultThatCannotBeOpened_IsAskedForAnewNoMoreThanOnceALook()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host);
        var prove = Prove(host);
        Assert.True((await prove.RunAsync(new StepKey("flow", 1, 1), call, default)).Waits);
        await MarkAsync(host, static job => job with { Status = ProofJobStatus.Succeeded });
        var asked = 0;
        host.Contracts.BeforeWanted = () => ++asked > 10 ? throw new InvalidOperationException("It asks again and again.") : Task.CompletedTask;

        for (var look = 0; look < 3; look++)
        {
            Assert.True((await prove.RunAsync(new StepKey("flow", 1, 1), call, default)).Waits);
        }

        Assert.InRange(asked, 1, 4);
        Assert.Equal(TransactionStatus.Proving, (await host.ReadAsync(call)).Status);
    }

    [Fact]
    public async Task Prove_ReasonWithoutEnd_IsCutAndOnOneLine()
    {
        await using var host = await _world.HostAsync();
        var call = await CallAsync(host);
        var prove = Prove(host);
        await prove.RunAsync(new StepKey("flow", 1, 1), call, default);
        await MarkAsync(host, static job => job with
        {
            Status = ProofJobStatus.Failed, Failure = new ProofFailure(ProofFailureKind.Internal, "first\nsecond " + new string('x', 500_000)),
        });
        await prove.RunAsync(new StepKey("flow", 1, 1), call, default);
        var ended = await host.ReadAsync(call);
        Assert.Equal(TransactionStatus.Failed, ended.Status);
        Assert.StartsWith("Its proof could not be made: first second xxx", ended.Error, StringComparison.Ordinal);
        Assert.InRange(ended.Error!.Length, 100, 1_000);
    }

    private static async Task<TransactionRef> CallAsync(MoneyHost host)
    {
        var bot = await host.CreateBotAsync();
        var payload = new CallPayload("""{"transcript":[]}"""u8.ToArray(), new CircuitKeys([1, 2, 3], [4, 5], [6]));
        var called = await host.Get<CallContract>().RunAsync(
            new CallRequest(bot.Tenant, bot.BotId, MoneyHost.User, new ContractCall(ScriptedContracts.Address, "count"), payload), default);
        var call = new TransactionRef(bot.Tenant, bot.BotId, called.Value.Id);
        await host.StepAsync<BuildCall, TransactionRef, TransactionStanding>(call);
        return call;
    }

    /// <summary>The step over a sealer that opens nothing.</summary>
    private static ProveCall Prove(MoneyHost host)
    {
        var services = host.Get<IServiceProvider>();
        var payloads = new ProofPayloads(host.Get<IBlobStore>(), new LostKeys(), new NoCourier());
        var submit = ActivatorUtilities.CreateInstance<SubmitProof>(services, payloads);
        var cancel = ActivatorUtilities.CreateInstance<CancelProof>(services, payloads);
        return ActivatorUtilities.CreateInstance<ProveCall>(services, new CallProofs(host.Contracts, submit, new ReadProof(host.Store, payloads), cancel));
    }

    /// <summary>Writes every job, and bytes where its result would be, past all rules.</summary>
    private static async Task MarkAsync(MoneyHost host, Func<ProofJob, ProofJob> mark)
    {
        foreach (var job in (await host.Get<ReadProof>().ListAsync(MoneyHost.Tenant, 100, null, default)).Jobs)
        {
            using var bytes = new MemoryStream(Encoding.UTF8.GetBytes("no record"));
            await host.Get<IBlobStore>().PutAsync(new BlobName(MoneyHost.Tenant, "proofs", $"{job.Payload}.{ProofPart.Result}"), bytes, overwrite: true, default);
            await host.Store.CommitAsync(MoneyHost.Tenant, new Batch().Put(ProofJob.Key(job.Id), mark(job), Precondition.None, []).Writes, default);
        }
    }

    private sealed class LostKeys : IProofSealer
    {
        public Task<SealedPart> SealAsync(ProofPart part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Task.FromResult(new SealedPart(content.ToArray(), []));

        public Task<byte[]?> UnsealAsync(ProofPart part, ReadOnlyMemory<byte> record, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);
    }
}
