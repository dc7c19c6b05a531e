using System.Text;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Proofs;

/// <summary>What happens to jobs at the same moment, on one host or several.</summary>
public sealed class ProofRaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cancel_AskedForAnewMeanwhile_TheNewRequestIsKept()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        host.BeforeNextDelete = async () => await host.SubmitAsync("a");
        await host.Get<CancelProof>().RunAsync(ProofHost.Ann, job.Id, default);
        Assert.Null(host.BeforeNextDelete);
        await AssertWaitsAsync(host, await host.ReadAsync(job.Id));
    }

    [Fact]
    public async Task Erase_AskedForAnewMeanwhile_TheNewRequestIsKept()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        await host.Get<CancelProof>().RunAsync(ProofHost.Ann, job.Id, default);
        host.BeforeNextDelete = async () => await host.SubmitAsync("a");
        await host.Get<EraseProofs>().RunAsync(TimeSpan.FromSeconds(1), default);
        Assert.Null(host.BeforeNextDelete);
        await AssertWaitsAsync(host, await host.ReadAsync(job.Id));
    }

    [Fact]
    public async Task Finish_TakenBackAndAskedForAnewMeanwhile_TheNewRequestIsKept()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var held = await host.StartJobAsync(await host.SubmitAsync("a"));
        await host.Get<CancelProof>().RunAsync(ProofHost.Ann, held!.Id, default);
        var anew = await host.SubmitAsync("a");
        Assert.False(await host.FinishAsync(held, "proof"));
        await AssertWaitsAsync(host, anew);
    }

    [Fact]
    public async Task Return_HeldByItsSuccessor_IsLeft()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        await host.StartJobAsync(job, "one");
        await host.Get<CancelProof>().RunAsync(ProofHost.Ann, job.Id, default);
        await host.SubmitAsync("a");
        await host.StartJobAsync(job, "another");
        await host.Get<HoldProof>().ReturnAsync(ProofHost.Ann, job.Id, "one", default);
        Assert.Equal("another", (await host.ReadAsync(job.Id)).Holder);
    }

    [Fact]
    public async Task Submit_ProofIsNotThereAnyMore_IsMadeAnew()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        await host.StartJobAsync(job);
        await host.FinishAsync(job, "proof");
        await host.Get<ProofPayloads>().DeleteAsync(ProofHost.Ann, job.Payload, default);
        await AssertWaitsAsync(host, await host.SubmitAsync("a"));
    }

    [Fact]
    public async Task Finish_NothingWorkedOnIt_IsNotCounted()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var held = await host.StartJobAsync(await host.SubmitAsync("a"));
        var outcome = new ProofOutcome(default, new ProofFailure(ProofFailureKind.Internal, "gone"), null, TimeSpan.Zero);
        Assert.True(await host.Get<FinishProof>().RunAsync(ProofHost.Ann, held!, outcome, default));
        Assert.Null(await host.Get<MeterProofs>().ReadAsync(ProofHost.Ann, new DateOnly(2026, 6, 1), default));
    }

    [Fact]
    public async Task Markers_MoreTenantsThanAreListedAtOnce_EachIsLookedAtSoon()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var ids = host.Get<IIdGenerator>();
        var tenants = Enumerable.Range(0, 1_001).Select(_ => new TenantId(ids.New(IdPrefix.Tenant))).ToList();
        await Task.WhenAll(tenants.Select(async tenant =>
        {
            var batch = new Batch().Put(ProofBacklog.Key, new ProofBacklog(1), Precondition.Absent, []);
            await host.Get<IDocumentStore>().CommitAsync(tenant, batch.Writes, default);
            await host.Get<IDirectory>().MarkDueAsync(ProofDocuments.WorkQueue, tenant, ProofDocuments.WorkQueue, host.Clock.GetUtcNow(), default);
        }));
        HashSet<TenantId> seen = [];
        for (var look = 0; look < 2; look++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(2));
            seen.UnionWith((await host.Get<FindProofWork>().MarkersAsync(default)).Select(static marker => marker.Tenant));
            await host.LookAsync();
        }

        Assert.Equal(tenants.Count, seen.Count);
    }

    [Fact]
    public async Task Follow_UntilItIsDisposedOf_IsToldAndLeavesNothingBehind()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var signal = host.Get<ProofSignal>();
        var job = await host.SubmitAsync("a");
        var (one, other) = (signal.Follow(ProofHost.Ann, job.Id), signal.Follow(ProofHost.Ann, job.Id));
        var changes = new[] { one.NextChangeAsync(), other.NextChangeAsync() };
        one.Dispose();
        one.Dispose();
        Assert.Equal(1, signal.FollowedJobs);
        await host.StartJobAsync(job);
        await Task.WhenAll(changes);
        Assert.False(other.NextChangeAsync().IsCompleted);
        other.Dispose();
        Assert.Equal(0, signal.FollowedJobs);
    }

    private static async Task AssertWaitsAsync(ProofHost host, ProofJob job)
    {
        Assert.Equal(ProofJobStatus.Queued, job.Status);
        Assert.Equal("a", Encoding.UTF8.GetString((await host.Get<ProofPayloads>().ReadRequestAsync(ProofHost.Ann, job.Payload, default, default))!));
        Assert.Equal([job.Id], await host.LineAsync());
    }
}
