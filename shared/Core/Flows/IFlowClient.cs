namespace MidnightOS.Core.Flows;

/// <summary>Starts flows and sends them events. Only the outbox calls it: use cases write outbox records in the batch of their change.</summary>
public interface IFlowClient
{
    /// <summary>Starts a flow unless one with this id exists, running or ended.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="id">Its id: the operation's or transaction's.</param>
    /// <param name="inputJson">Its input, as JSON.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>
    /// Whether it was started by this call. A client that sends over a queue cannot know and says true when the start will be carried out once it is read;
    /// so nobody may decide anything by it: a start is idempotent by its id.
    /// </returns>
    Task<bool> StartAsync(string flow, string id, string inputJson, CancellationToken cancellationToken);

    /// <summary>Raises an event to a flow; it waits there until the flow takes it. Raised again with the same event id, it counts once. A flow that ended or never was ignores it.</summary>
    /// <param name="id">The flow's id.</param>
    /// <param name="eventId">What names this raising of the event; unique.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="payloadJson">Its payload, as JSON.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task RaiseAsync(string id, string eventId, string name, string payloadJson, CancellationToken cancellationToken);

    /// <summary>The flow's state; null when there is none of this id. For rescues, which run where the flows run; a client that only sends throws <see cref="NotSupportedException"/>.</summary>
    Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken);
}

/// <summary>How a flow stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Flow">Its name.</param>
/// <param name="Status">Running or how it ended.</param>
/// <param name="CustomStatus">What the flow last set; null when it set nothing.</param>
/// <param name="OutputJson">Its output when completed.</param>
/// <param name="Error">Why it failed.</param>
public sealed record FlowState(string Id, string Flow, FlowStatus Status, string? CustomStatus, string? OutputJson, string? Error);

/// <summary>The states of a flow.</summary>
public enum FlowStatus
{
    /// <summary>Running or waiting.</summary>
    Running,

    /// <summary>Ended with an output.</summary>
    Completed,

    /// <summary>Ended by an exception.</summary>
    Failed,
}
