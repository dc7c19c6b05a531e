namespace MidnightOS.Core.Flows;

/// <summary>Where the embedded engine keeps its flows. Every write is durable when the call returns, and atomic.</summary>
/// <remarks>
/// A flow is held by one host at a time under a lease. Each claim raises the flow's fence, and a write under an older fence is refused: a host that
/// lost its lease without noticing can change nothing. Times are kept exactly.
/// </remarks>
public interface IFlowJournal
{
    /// <summary>Creates a flow, due at once, unless one of this id exists.</summary>
    /// <returns>Whether this call created it.</returns>
    Task<bool> CreateAsync(NewFlow flow, CancellationToken cancellationToken);

    /// <summary>Puts an event into the inbox of a flow that runs and makes a flow that waits due at once.</summary>
    /// <returns>Whether it was added: false when its id is known, and when the flow ended or never was.</returns>
    Task<bool> RaiseAsync(NewFlowEvent raised, CancellationToken cancellationToken);

    /// <summary>The flow's state; null when there is none of this id.</summary>
    Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Takes flows that are due, or whose lease ran out, under a new lease each.</summary>
    Task<FlowClaims> ClaimAsync(FlowClaimQuery query, CancellationToken cancellationToken);

    /// <summary>Prolongs leases that are still held under their fence, also when they ran out meanwhile.</summary>
    /// <param name="leases">What this host holds.</param>
    /// <param name="until">The new end.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The ids of the flows that are still held; work on the others must stop.</returns>
    Task<IReadOnlySet<string>> RenewAsync(IReadOnlyCollection<FlowLease> leases, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>All entries of a flow in order and all events ever raised to it, taken or not, in order.</summary>
    Task<FlowHistory> LoadAsync(string id, CancellationToken cancellationToken);

    /// <summary>The events raised to a flow after the given one, in order.</summary>
    Task<IReadOnlyList<FlowInboxEvent>> LoadEventsAsync(string id, long after, CancellationToken cancellationToken);

    /// <summary>Appends what a turn of the flow brought and goes on, suspends or ends the flow, all in one write.</summary>
    /// <remarks>A suspension is refused when an event came that the turn had not seen: the lease stays and the event is given back, so that no wake-up is lost.</remarks>
    Task<FlowCommit> CommitAsync(FlowLease lease, FlowTurn turn, CancellationToken cancellationToken);

    /// <summary>Deletes flows that ended before a time, with their entries and events.</summary>
    /// <returns>How many were deleted, at most <paramref name="max"/>.</returns>
    Task<int> PurgeAsync(DateTimeOffset endedBefore, int max, CancellationToken cancellationToken);
}

/// <summary>A flow to create.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Flow">Its name.</param>
/// <param name="InputJson">Its input.</param>
/// <param name="At">When it starts; the flow's first "now".</param>
public sealed record NewFlow(string Id, string Flow, string InputJson, DateTimeOffset At)
{
    /// <summary>The trace that its steps go on with, a W3C traceparent; null for none.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>An event to raise.</summary>
/// <param name="FlowId">The flow.</param>
/// <param name="EventId">What names this raising; unique within the flow.</param>
/// <param name="Name">The event's name.</param>
/// <param name="PayloadJson">Its payload.</param>
/// <param name="At">When it was raised.</param>
public sealed record NewFlowEvent(string FlowId, string EventId, string Name, string PayloadJson, DateTimeOffset At);

/// <summary>What a host asks for when it looks for work.</summary>
/// <param name="Flows">The names of the flows that it knows; others are left to hosts that know them.</param>
/// <param name="Max">How many it can take.</param>
/// <param name="Now">Flows due at or before this time are taken.</param>
/// <param name="LeaseUntil">When the new leases run out.</param>
public sealed record FlowClaimQuery(IReadOnlyCollection<string> Flows, int Max, DateTimeOffset Now, DateTimeOffset LeaseUntil);

/// <summary>What a host got.</summary>
/// <param name="Claims">The flows taken.</param>
/// <param name="NextDue">When the next of the known flows becomes due or its lease runs out; null when none runs.</param>
public sealed record FlowClaims(IReadOnlyList<FlowClaim> Claims, DateTimeOffset? NextDue);

/// <summary>The right to write to a flow.</summary>
/// <param name="FlowId">The flow.</param>
/// <param name="Fence">The number of this claim; a later claim has a greater one.</param>
public readonly record struct FlowLease(string FlowId, long Fence);

/// <summary>A flow that was taken.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Flow">The flow's name.</param>
/// <param name="InputJson">Its input.</param>
/// <param name="StartedAt">Its first "now".</param>
/// <param name="CustomStatus">What is stored as its custom status.</param>
public sealed record FlowClaim(FlowLease Lease, string Flow, string InputJson, DateTimeOffset StartedAt, string? CustomStatus)
{
    /// <summary>The trace that it was started with; null for none.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>What happened in a flow so far.</summary>
/// <param name="Entries">Its entries in the order in which the flow saw them.</param>
/// <param name="Events">Its inbox.</param>
public sealed record FlowHistory(IReadOnlyList<FlowEntry> Entries, IReadOnlyList<FlowInboxEvent> Events);

/// <summary>An event in a flow's inbox.</summary>
/// <param name="Number">Its place: greater than that of every event raised before.</param>
/// <param name="Name">Its name.</param>
/// <param name="PayloadJson">Its payload.</param>
/// <param name="At">When it was raised.</param>
public sealed record FlowInboxEvent(long Number, string Name, string PayloadJson, DateTimeOffset At);

/// <summary>One thing that a flow saw. The entries in order are all that a replay needs.</summary>
/// <param name="Sequence">The call of the flow that it answers.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Name">The step's or event's name; empty for a delay.</param>
/// <param name="At">The flow's "now" from here on.</param>
public sealed record FlowEntry(int Sequence, FlowEntryKind Kind, string Name, DateTimeOffset At)
{
    /// <summary>The step's output, or what it threw.</summary>
    public string? Payload { get; init; }

    /// <summary>The attempt that ended; 0 for what is no step.</summary>
    public int Attempt { get; init; }

    /// <summary>When the next attempt is due, of <see cref="FlowEntryKind.AttemptFailed"/>.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The event taken, of <see cref="FlowEntryKind.EventTaken"/>.</summary>
    public long EventNumber { get; init; }
}

/// <summary>What an entry tells. The numbers are stored: never change them.</summary>
public enum FlowEntryKind
{
    /// <summary>A step returned.</summary>
    StepCompleted = 1,

    /// <summary>A step threw on its last attempt.</summary>
    StepFailed = 2,

    /// <summary>A step threw and will be tried again.</summary>
    AttemptFailed = 3,

    /// <summary>A wait took an event.</summary>
    EventTaken = 4,

    /// <summary>The time of a wait passed.</summary>
    TimedOut = 5,

    /// <summary>The time of a delay passed.</summary>
    DelayPassed = 6,
}

/// <summary>What a turn of a flow brought.</summary>
/// <param name="FirstIndex">How many entries the journal had before.</param>
/// <param name="Entries">The new entries.</param>
/// <param name="CustomStatus">The new custom status; null leaves it.</param>
/// <param name="SeenEvents">The number of the last event that the flow had received; 0 for none.</param>
/// <param name="Next">How it goes on.</param>
public sealed record FlowTurn(int FirstIndex, IReadOnlyList<FlowEntry> Entries, string? CustomStatus, long SeenEvents, FlowNext Next);

/// <summary>How a flow goes on after a turn.</summary>
public abstract record FlowNext
{
    private FlowNext()
    {
    }

    /// <summary>It goes on under its lease.</summary>
    public sealed record Continue : FlowNext;

    /// <summary>It gives its lease back and waits for an event, or until a time.</summary>
    /// <param name="WakeAt">When it is due; null when only an event wakes it.</param>
    public sealed record Suspend(DateTimeOffset? WakeAt) : FlowNext;

    /// <summary>It ends.</summary>
    /// <param name="Status">Completed or failed.</param>
    /// <param name="OutputJson">Its output when completed.</param>
    /// <param name="Error">Why it failed.</param>
    /// <param name="At">When.</param>
    public sealed record End(FlowStatus Status, string? OutputJson, string? Error, DateTimeOffset At) : FlowNext;
}

/// <summary>What became of a turn.</summary>
/// <param name="Held">Whether the lease was still this host's; when not, nothing was written.</param>
/// <param name="Suspended">Whether the lease was given back.</param>
/// <param name="NewEvents">Events after <see cref="FlowTurn.SeenEvents"/>, in order, when the lease is kept.</param>
public sealed record FlowCommit(bool Held, bool Suspended, IReadOnlyList<FlowInboxEvent> NewEvents)
{
    /// <summary>The lease is another's.</summary>
    public static FlowCommit Lost { get; } = new(false, false, []);
}
