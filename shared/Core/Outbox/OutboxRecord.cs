namespace MidnightOS.Core.Outbox;

/// <summary>A record of the outbox: one of its three parts is set.</summary>
public sealed record OutboxRecord
{
    /// <summary>The id, set when it is committed; records of a tenant are dispatched in the order of their ids.</summary>
    public string Id { get; init; } = "";

    /// <summary>When the change was made.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The trace of the change; null when it was made outside of one.</summary>
    public string? TraceParent { get; init; }

    /// <summary>An event of the tenant's stream.</summary>
    public OutboxEvent? Event { get; init; }

    /// <summary>A flow to start.</summary>
    public OutboxFlowStart? FlowStart { get; init; }

    /// <summary>An event to raise to a flow.</summary>
    public OutboxFlowEvent? FlowEvent { get; init; }
}

/// <summary>An event to publish.</summary>
/// <param name="Type">Its type in the contract.</param>
/// <param name="Subject">The id that it is about.</param>
/// <param name="DataJson">Its data, JSON.</param>
public sealed record OutboxEvent(string Type, string Subject, string DataJson);

/// <summary>A flow to start.</summary>
/// <param name="Flow">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="InputJson">Its input, JSON.</param>
public sealed record OutboxFlowStart(string Flow, string Id, string InputJson);

/// <summary>An event to raise.</summary>
/// <param name="FlowId">The flow.</param>
/// <param name="Name">The event's name.</param>
/// <param name="PayloadJson">Its payload, JSON.</param>
public sealed record OutboxFlowEvent(string FlowId, string Name, string PayloadJson);
