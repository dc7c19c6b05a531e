using MidnightOS.Core.Flows;
using MidnightOS.Tests.Unit.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>The journal in SQLite: fences, suspensions and the inbox.</summary>
public sealed class FlowJournalTests : IAsyncLifetime, IDisposable
{
    private const string Id = "op_1";

    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly StorageHost _host;
    private readonly IFlowJournal _journal;

    public FlowJournalTests()
    {
        _host = new StorageHost(_folder.Path, new ManualTimeProvider(Start));
        _journal = _host.Get<IFlowJournal>();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CreateAsync_KnownId_ChangesNothing()
    {
        Assert.True(await CreateAsync());
        Assert.False(await _journal.CreateAsync(new NewFlow(Id, "other", "2", Start), default));

        Assert.Equal(new FlowState(Id, "flow", FlowStatus.Running, null, null, null), await _journal.FindAsync(Id, default));
    }

    [Fact]
    public async Task ClaimAsync_LeaseHolds_GivesItToNobodyElse()
    {
        await CreateAsync();
        var first = await ClaimAsync(Start);

        var meanwhile = await ClaimAllAsync(Start.AddSeconds(10).AddTicks(-1));
        var after = await ClaimAsync(Start.AddSeconds(10));

        Assert.Empty(meanwhile.Claims);
        Assert.Equal(Start.AddSeconds(10), meanwhile.NextDue);
        Assert.True(after.Fence > first.Fence);
    }

    [Fact]
    public async Task ClaimAsync_MoreThanAsked_GivesTheLongestDueFirst()
    {
        await _journal.CreateAsync(new NewFlow("op_late", "flow", "1", Start.AddSeconds(2)), default);
        await _journal.CreateAsync(new NewFlow("op_early", "flow", "1", Start), default);
        await _journal.CreateAsync(new NewFlow("op_unknown", "unknown", "1", Start), default);

        var claims = await _journal.ClaimAsync(new FlowClaimQuery(["flow"], 1, Start.AddSeconds(5), Start.AddSeconds(15)), default);

        Assert.Equal("op_early", Assert.Single(claims.Claims).Lease.FlowId);
        Assert.Equal(Start.AddSeconds(2), claims.NextDue);
    }

    [Fact]
    public async Task CommitAsync_OlderFence_WritesNothing()
    {
        await CreateAsync();
        var lost = await ClaimAsync(Start);
        var held = await ClaimAsync(Start.AddHours(1));

        var refused = await _journal.CommitAsync(lost, Turn(new FlowNext.End(FlowStatus.Completed, "\"lost\"", null, Start), Step(1)), default);
        var accepted = await _journal.CommitAsync(held, Turn(new FlowNext.Continue(), Step(1)), default);

        Assert.False(refused.Held);
        Assert.True(accepted.Held);
        Assert.Equal(FlowStatus.Running, (await _journal.FindAsync(Id, default))!.Status);
        Assert.Single((await _journal.LoadAsync(Id, default)).Entries);
    }

    [Fact]
    public async Task CommitAsync_EntriesNotKnown_WritesNothing()
    {
        await CreateAsync();
        var lease = await ClaimAsync(Start);
        await _journal.CommitAsync(lease, Turn(new FlowNext.Continue(), Step(1)), default);

        var again = await _journal.CommitAsync(lease, Turn(new FlowNext.Continue(), Step(1)), default);

        Assert.False(again.Held);
        Assert.Single((await _journal.LoadAsync(Id, default)).Entries);
    }

    [Fact]
    public async Task CommitAsync_AllKindsOfEntries_ComeBackAsTheyWere()
    {
        await CreateAsync();
        var lease = await ClaimAsync(Start);
        FlowEntry[] entries =
        [
            new(1, FlowEntryKind.AttemptFailed, "do", Start.AddTicks(1)) { Payload = "broken", Attempt = 1, RetryAt = Start.AddTicks(7) },
            new(1, FlowEntryKind.StepCompleted, "do", Start.AddTicks(2)) { Payload = "\"ü\"", Attempt = 2 },
            new(2, FlowEntryKind.EventTaken, "go", Start.AddTicks(3)) { EventNumber = 42 },
            new(3, FlowEntryKind.TimedOut, "go", Start.AddTicks(4)),
            new(4, FlowEntryKind.DelayPassed, "", Start.AddTicks(5)),
            new(5, FlowEntryKind.StepFailed, "do", Start.AddTicks(6)) { Payload = "", Attempt = 3 },
        ];

        await _journal.CommitAsync(lease, Turn(new FlowNext.Continue(), entries), default);

        Assert.Equal(entries, (await _journal.LoadAsync(Id, default)).Entries);
    }

    [Fact]
    public async Task CommitAsync_SuspendWithAnEventUnseen_KeepsTheLeaseAndGivesTheEvent()
    {
        await CreateAsync();
        var lease = await ClaimAsync(Start);
        await RaiseAsync("e1");

        var refused = await _journal.CommitAsync(lease, Turn(new FlowNext.Suspend(null), Step(1)), default);
        var seen = Assert.Single(refused.NewEvents).Number;
        var suspended = await _journal.CommitAsync(lease, new FlowTurn(1, [], null, seen, new FlowNext.Suspend(null)), default);

        Assert.Equal((true, false), (refused.Held, refused.Suspended));
        Assert.Equal((true, true), (suspended.Held, suspended.Suspended));
        Assert.Null((await ClaimAllAsync(Start.AddYears(1))).NextDue);
    }

    [Fact]
    public async Task RaiseAsync_FlowWaits_MakesItDue()
    {
        await CreateAsync();
        await _journal.CommitAsync(await ClaimAsync(Start), Turn(new FlowNext.Suspend(Start.AddHours(1))), default);
        var before = await ClaimAllAsync(Start.AddMinutes(1));

        Assert.True(await RaiseAsync("e1"));
        Assert.False(await RaiseAsync("e1"));

        Assert.Empty(before.Claims);
        Assert.Single((await ClaimAllAsync(Start.AddMinutes(1))).Claims);
        Assert.Single((await _journal.LoadAsync(Id, default)).Events);
    }

    [Fact]
    public async Task RaiseAsync_FlowLeased_DoesNotEndTheLease()
    {
        await CreateAsync();
        await ClaimAsync(Start);

        await RaiseAsync("e1");

        Assert.Empty((await ClaimAllAsync(Start.AddSeconds(9))).Claims);
    }

    [Fact]
    public async Task RaiseAsync_FlowEnded_IsRefused()
    {
        await CreateAsync();
        await _journal.CommitAsync(await ClaimAsync(Start), Turn(new FlowNext.End(FlowStatus.Failed, null, "why", Start)), default);

        Assert.False(await RaiseAsync("e1"));
        Assert.Equal(new FlowState(Id, "flow", FlowStatus.Failed, null, null, "why"), await _journal.FindAsync(Id, default));
        Assert.Null((await ClaimAllAsync(Start.AddYears(1))).NextDue);
    }

    [Fact]
    public async Task RenewAsync_OneHeldAndOneLost_ProlongsTheOne()
    {
        await CreateAsync();
        var lost = await ClaimAsync(Start);
        var held = await ClaimAsync(Start.AddHours(1));

        var renewed = await _journal.RenewAsync([held], Start.AddHours(3), default);
        var refused = await _journal.RenewAsync([lost], Start.AddHours(9), default);

        Assert.Equal([Id], renewed);
        Assert.Empty(refused);
        Assert.Equal(Start.AddHours(3), (await ClaimAllAsync(Start.AddHours(2))).NextDue);
    }

    [Fact]
    public async Task PurgeAsync_EndedLongAgo_DeletesThemAndNoOther()
    {
        foreach (var (id, ended) in new (string, DateTimeOffset?)[] { (Id, Start), ("op_2", Start.AddHours(1)), ("op_3", Start.AddHours(9)), ("op_4", null) })
        {
            await _journal.CreateAsync(new NewFlow(id, "flow", "1", Start), default);
            var lease = await ClaimAsync(Start);
            await RaiseAsync("e1", id);
            FlowNext next = ended is { } at ? new FlowNext.End(FlowStatus.Completed, "1", null, at) : new FlowNext.Continue();
            await _journal.CommitAsync(lease, Turn(next, Step(1)), default);
        }

        Assert.Equal(1, await _journal.PurgeAsync(Start.AddHours(2), 1, default));
        Assert.Equal(1, await _journal.PurgeAsync(Start.AddHours(2), 10, default));
        Assert.Equal(0, await _journal.PurgeAsync(Start.AddHours(2), 10, default));

        Assert.Null(await _journal.FindAsync(Id, default));
        Assert.Null(await _journal.FindAsync("op_2", default));
        Assert.NotNull(await _journal.FindAsync("op_3", default));
        Assert.NotNull(await _journal.FindAsync("op_4", default));
        Assert.Equal((0, 0), Count(await _journal.LoadAsync(Id, default)));
        Assert.Equal((1, 1), Count(await _journal.LoadAsync("op_4", default)));
    }

    private static (int Entries, int Events) Count(FlowHistory history) => (history.Entries.Count, history.Events.Count);

    private static FlowTurn Turn(FlowNext next, params FlowEntry[] entries) => new(0, entries, null, 0, next);

    private static FlowEntry Step(int sequence) => new(sequence, FlowEntryKind.StepCompleted, "do", Start) { Payload = "1", Attempt = 1 };

    private Task<bool> CreateAsync() => _journal.CreateAsync(new NewFlow(Id, "flow", "1", Start), default);

    private Task<bool> RaiseAsync(string eventId, string id = Id) => _journal.RaiseAsync(new NewFlowEvent(id, eventId, "go", "1", Start), default);

    private Task<FlowClaims> ClaimAllAsync(DateTimeOffset now) =>
        _journal.ClaimAsync(new FlowClaimQuery(["flow"], 10, now, now.AddSeconds(10)), default);

    private async Task<FlowLease> ClaimAsync(DateTimeOffset now) => Assert.Single((await ClaimAllAsync(now)).Claims).Lease;
}
