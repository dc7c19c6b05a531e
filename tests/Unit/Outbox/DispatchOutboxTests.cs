using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Outbox;

public sealed class DispatchOutboxTests : IDisposable
{
    private static readonly DocumentKey Subject = new("subject", "one");
    private readonly MoneyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Run_AnotherDispatcherFinishedTheSamePage_NumbersEveryEventOnce()
    {
        await using var host = await _world.HostAsync();
        await using var other = await _world.HostAsync();
        await CommitAsync(host, MoneyHost.Tenant, new Batch().Publish("activity", "a", 1).RaiseFlowEvent("nobody", "x", 0));
        await CommitAsync(host, MoneyHost.Tenant, new Batch().Publish("activity", "b", 2));

        // This dispatcher has its page and stands before the flows; the other carries the same page out meanwhile.
        host.BeforeTell = async _ => await other.Get<DispatchOutbox>().RunAsync(MoneyHost.Tenant, default);
        await host.Get<DispatchOutbox>().RunAsync(MoneyHost.Tenant, default);

        var (events, _) = await host.Get<ReadEvents>().ListAsync(MoneyHost.Tenant, 100, null, default);
        Assert.Equal(["b", "a"], events.Select(static told => told.Subject));
        Assert.Equal([Number(2), Number(1)], events.Select(static told => told.Id));
        Assert.Empty(await host.OutboxAsync());
    }

    [Fact]
    public async Task Run_ManyDispatchersAtOnce_KeepOrderAndNumberEachEventOnce()
    {
        await using var host = await _world.HostAsync();
        await using var other = await _world.HostAsync();
        foreach (var number in Enumerable.Range(0, 150))
        {
            await CommitAsync(host, MoneyHost.Tenant, new Batch().Publish("activity", $"{number:d3}", number));
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => (n % 2 == 0 ? host : other).Get<DispatchOutbox>().RunAsync(MoneyHost.Tenant, default))));

        var (events, _) = await host.Get<ReadEvents>().ListAsync(MoneyHost.Tenant, 500, null, default);
        Assert.Equal(Enumerable.Range(0, 150).Select(static n => (Number(n + 1), $"{n:d3}")), events.Reverse().Select(static told => (told.Id, told.Subject)));
    }

    [Fact]
    public async Task Sweep_RecordOfADeadProcess_IsDispatchedAndItsMarkerFallsLater()
    {
        await using (var dead = await _world.HostAsync())
        {
            await CommitAsync(dead, MoneyHost.Tenant, new Batch().Publish("activity", "a", 1));
        }

        await using var host = await _world.HostAsync();
        await host.Get<SweepOutbox>().RunAsync(TimeSpan.FromSeconds(20), default);
        Assert.Single((await host.Get<ReadEvents>().ListAsync(MoneyHost.Tenant, 100, null, default)).Events);
        Assert.Single(await MarkersAsync(host, TimeSpan.FromHours(1)));

        host.Clock.Advance(TimeSpan.FromSeconds(75));
        await host.Get<SweepOutbox>().RunAsync(TimeSpan.FromSeconds(20), default);
        Assert.Empty(await MarkersAsync(host, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Sweep_OneTenantCannotBeDispatched_OthersAre()
    {
        var broken = new TenantId("ten_00000000000000000000000001");
        await using var host = await _world.HostAsync();
        await CommitAsync(host, broken, new Batch().StartFlow(new FlowName<int, int>("unknown"), "flow", 0));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await CommitAsync(host, MoneyHost.Tenant, new Batch().Publish("activity", "a", 1));

        await host.Get<SweepOutbox>().RunAsync(TimeSpan.FromSeconds(20), default);

        Assert.Single((await host.Get<ReadEvents>().ListAsync(MoneyHost.Tenant, 100, null, default)).Events);
        Assert.Contains(await MarkersAsync(host, TimeSpan.FromHours(1)), marker => marker.Tenant == broken);
    }

    private static string Number(int number) => $"{IdPrefix.Event}{number:D20}";

    private static Task<IReadOnlyList<DueMarker>> MarkersAsync(MoneyHost host, TimeSpan ahead) =>
        host.Get<IDirectory>().ListDueAsync(OutboxPlace.Platform.Queue, host.Clock.GetUtcNow() + ahead, 10, default);

    private static async Task CommitAsync(MoneyHost host, TenantId tenant, Batch batch) =>
        Assert.True((await host.Get<IUnitOfWork>().CommitAsync(tenant, batch.Put(Subject, new { x = 1 }, Precondition.None, []), default)).Committed);
}
