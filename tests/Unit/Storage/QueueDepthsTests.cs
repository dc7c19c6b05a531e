using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Outbox;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>The figures of what waits, read from the stores.</summary>
public sealed class QueueDepthsTests : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TenantId[] Tenants = [new("ten_01JZZZZZZZZZZZZZZZZZZZZZZA"), new("ten_01JZZZZZZZZZZZZZZZZZZZZZZB")];

    private readonly TemporaryFolder _folder = new();
    private readonly StorageHost _host;

    public QueueDepthsTests() => _host = new StorageHost(_folder.Path, new ManualTimeProvider(Now));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_NothingWaits_IsZero()
    {
        var depths = await ReadAsync();
        Assert.Equal([new("outbox", 0, null), new("flows", 0, null), new QueueDepth("open-work", 0, null)], depths.Queues);
        Assert.Empty(depths.RunningFlows);
    }

    [Fact]
    public async Task Read_RecordsOfTenants_AreCountedTogether()
    {
        await AddRecordAsync(Tenants[0], "obx_2", Now.AddSeconds(-5));
        await AddRecordAsync(Tenants[0], "obx_3", Now.AddSeconds(-4));
        await AddRecordAsync(Tenants[1], "obx_1", Now.AddSeconds(-9));
        await _host.Get<IDocumentStore>().CommitAsync(Tenants[1], new Batch().Put(new DocumentKey("bot", "b"), new { }, Precondition.None, []).Writes, default);

        Assert.Contains(new QueueDepth("outbox", 3, Now.AddSeconds(-9)), (await ReadAsync()).Queues);
    }

    [Fact]
    public async Task Read_Flows_AreRunningUntilTheyEndAndWaitWhileDueAndHeldByNobody()
    {
        var journal = _host.Get<IFlowJournal>();
        await journal.CreateAsync(new NewFlow("a", "held", "1", Now), default);
        var held = Assert.Single((await journal.ClaimAsync(new FlowClaimQuery(["held"], 1, Now, Now.AddSeconds(10)), default)).Claims);
        await journal.CreateAsync(new NewFlow("b", "due", "1", Now.AddSeconds(-3)), default);
        await journal.CreateAsync(new NewFlow("c", "due", "1", Now.AddSeconds(3)), default);

        var before = await ReadAsync();
        await journal.CommitAsync(held.Lease, new FlowTurn(0, [], null, 0, new FlowNext.End(FlowStatus.Completed, "1", null, Now)), default);
        var after = await ReadAsync();

        Assert.Contains(new QueueDepth("flows", 1, Now.AddSeconds(-3)), before.Queues);
        Assert.Equal(new Dictionary<string, long>(StringComparer.Ordinal) { ["held"] = 1, ["due"] = 2 }, before.RunningFlows);
        Assert.Equal(new Dictionary<string, long>(StringComparer.Ordinal) { ["due"] = 2 }, after.RunningFlows);
    }

    [Fact]
    public async Task Read_DueMarkers_CountWhenTheirTimeHasCome()
    {
        var directory = _host.Get<IDirectory>();
        await directory.MarkDueAsync("open-work", Tenants[0], "s", Now.AddMinutes(-1), default);
        await directory.MarkDueAsync("open-work", Tenants[1], "s", Now.AddMinutes(1), default);

        Assert.Contains(new QueueDepth("open-work", 1, Now.AddMinutes(-1)), (await ReadAsync()).Queues);
    }

    [Fact]
    public async Task Journal_TraceOfAFlow_ComesBackWithEveryClaim()
    {
        var journal = _host.Get<IFlowJournal>();
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await journal.CreateAsync(new NewFlow("a", "f", "1", Now) { TraceParent = trace }, default);
        for (var i = 0; i < 2; i++)
        {
            var at = Now.AddMinutes(i);
            Assert.Equal(trace, Assert.Single((await journal.ClaimAsync(new FlowClaimQuery(["f"], 1, at, at.AddSeconds(1)), default)).Claims).TraceParent);
        }
    }

    private Task<QueueDepths> ReadAsync() => _host.Get<IQueueDepths>().ReadAsync(["open-work"], Now, default);

    private async Task AddRecordAsync(TenantId tenant, string id, DateTimeOffset at)
    {
        await _host.Get<IDirectory>().MarkDueAsync("outbox", tenant, "outbox", at, default);
        var record = new OutboxRecord { Id = id, At = at, FlowStart = new OutboxFlowStart("f", id, "1") };
        await _host.Get<IDocumentStore>().CommitAsync(tenant, new Batch().Put(new DocumentKey("outbox", id), record, Precondition.Absent, []).Writes, default);
    }
}
