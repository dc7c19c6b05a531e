using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Accounts.ApiKeys;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Prover.Apart;

/// <summary>The prover without a right on anything of the platform: it proves for flows and for holders of API keys, and what it tells arrives.</summary>
public sealed class ApartTests
{
    private const string Transaction = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly Caller Ann = new(new TenantId("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV"), "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV", "ses_01ARZ3NDEKTSV4RRFFQ69G5FAV", Role.Owner);

    [Fact]
    public async Task Prove_JobOfAFlow_IsProvedAndTheFlowIsTold()
    {
        await using var apart = await ApartUnderTest.StartAsync(new ScriptedProver());
        var submitted = await apart.Flows.GetRequiredService<SubmitProof>().RunAsync(Ann.Tenant, new ProofRequest(Bodies.Prove(1), ProofPriority.Transaction, Transaction), default);
        Assert.Equal("complete", (await apart.Messages.DeliverAsync(apart.Prover)).Became);
        await Wait.UntilAsync(() => !apart.News.IsEmpty);
        await apart.DeliverNewsAsync();
        await apart.Flows.GetRequiredService<DispatchOutbox>().RunAsync(Ann.Tenant, default);

        Assert.Equal([(Transaction, ProofFlowEvents.Ended, $"\"{submitted.Value.Id}\"")], apart.Raised);
        var (events, _) = await apart.Flows.GetRequiredService<ReadEvents>().ListAsync(Ann.Tenant, 100, null, default);
        Assert.Equal(["queued", "running", "succeeded"], events.Select(static told => told.Data.GetProperty("status").GetString()).Order(StringComparer.Ordinal));
        var result = await apart.Flows.GetRequiredService<ReadProof>().ResultAsync(Ann.Tenant, submitted.Value.Id, default);
        Assert.Equal("the answer"u8.ToArray(), result.Value);
    }

    [Fact]
    public async Task Prove_WithAnApiKey_IsServedUntilTheKeyIsDeletedAndItsUseIsListed()
    {
        await using var apart = await ApartUnderTest.StartAsync(new ScriptedProver());
        var key = (await apart.Flows.GetRequiredService<CreateApiKey>().RunAsync(Ann, "prover", default)).Value;
        apart.Client.DefaultRequestHeaders.Authorization = new("Bearer", key.Text);
        using var proof = await apart.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove(1)));
        Assert.Equal(HttpStatusCode.OK, proof.StatusCode);
        Assert.Equal("the answer", await proof.Content.ReadAsStringAsync());
        using var job = await apart.Client.PostAsync("/jobs", new ByteArrayContent(Bodies.Prove(2)));
        Assert.Equal(HttpStatusCode.Accepted, job.StatusCode);
        await apart.Messages.DeliverAsync(apart.Prover);
        using var list = await apart.Client.GetAsync("/jobs");
        Assert.Contains("\"succeeded\"", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var usage = await apart.Client.GetAsync("/usage");
        Assert.Equal(HttpStatusCode.OK, usage.StatusCode);
        var (keys, _) = await apart.Flows.GetRequiredService<ListApiKeys>().RunAsync(Ann.Tenant, 10, null, default);
        Assert.NotNull(Assert.Single(keys).LastUsedOn);

        Assert.True((await apart.Flows.GetRequiredService<RevokeApiKey>().RunAsync(Ann, key.Key.Id, default)).IsSuccess);
        using var refused = await apart.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove(1)));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData(WorkPlan.LostProofs)]
    [InlineData(WorkPlan.EraseProofs)]
    [InlineData(WorkPlan.ProofTimes)]
    public async Task Timers_OfTheProver_NeedNoOtherRight(string name)
    {
        await using var apart = await ApartUnderTest.StartAsync(new ScriptedProver());
        await apart.Flows.GetRequiredService<SubmitProof>().RunAsync(Ann.Tenant, new ProofRequest(Bodies.Prove(1)), default);
        await apart.Messages.DeliverAsync(apart.Prover);
        await apart.Prover.GetRequiredService<RunPlannedWork>().RunAsync(name, default);
        Assert.Equal(
            WorkPlan.All.Where(static work => work.App is PlatformApp.Prover).Select(static work => work.Name).Order(StringComparer.Ordinal),
            apart.Prover.GetServices<IBackgroundWork>().Select(static work => work.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sweep_NewsThatWereLost_FindsThem()
    {
        await using var apart = await ApartUnderTest.StartAsync(new ScriptedProver());
        await apart.Flows.GetRequiredService<SubmitProof>().RunAsync(Ann.Tenant, new ProofRequest(Bodies.Prove(1), ProofPriority.Transaction, Transaction), default);
        await apart.Messages.DeliverAsync(apart.Prover);
        apart.News.Clear();
        await ActivatorUtilities.CreateInstance<SweepProofNews>(apart.Flows).RunAsync(TimeSpan.FromSeconds(30), default);
        await apart.Flows.GetRequiredService<DispatchOutbox>().RunAsync(Ann.Tenant, default);
        Assert.Single(apart.Raised);
    }
}
