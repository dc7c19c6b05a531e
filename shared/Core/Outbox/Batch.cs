using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;

namespace MidnightOS.Core.Outbox;

/// <summary>The writes of one change and the records that tell of it, for one atomic batch.</summary>
public sealed class Batch
{
    private readonly List<DocumentWrite> _writes = [];
    private readonly List<OutboxRecord> _records = [];

    /// <summary>The writes so far, in order; <see cref="CommitResult.FailedIndex"/> counts them.</summary>
    public IReadOnlyList<DocumentWrite> Writes => _writes;

    /// <summary>The records so far, in order.</summary>
    public IReadOnlyList<OutboxRecord> Records => _records;

    /// <summary>Creates or replaces a document.</summary>
    public Batch Put<T>(DocumentKey key, T value, Precondition condition, IReadOnlyList<IndexEntry> indexes, DateTimeOffset? expiresAt = null)
    {
        _writes.Add(new DocumentWrite.Put(key, DocumentJson.Serialize(value), indexes) { Condition = condition, ExpiresAt = expiresAt });
        return this;
    }

    /// <summary>Deletes a document.</summary>
    public Batch Delete(DocumentKey key, Precondition condition = default)
    {
        _writes.Add(new DocumentWrite.Delete(key) { Condition = condition });
        return this;
    }

    /// <summary>Makes the batch depend on a document that it does not write.</summary>
    public Batch Check(DocumentKey key, Precondition condition)
    {
        _writes.Add(new DocumentWrite.Check(key) { Condition = condition });
        return this;
    }

    /// <summary>Adds a record as it is; its id and time are set when the batch is committed.</summary>
    internal Batch Add(OutboxRecord record)
    {
        _records.Add(record);
        return this;
    }

    /// <summary>Tells the tenant's event stream.</summary>
    /// <param name="type">One of the contract's event types: <c>bot_status</c>, <c>transaction</c>, <c>proposal</c>, <c>activity</c>.</param>
    /// <param name="subject">The id that the event is about.</param>
    /// <param name="data">The event's data as clients see it.</param>
    public Batch Publish<T>(string type, string subject, T data)
    {
        _records.Add(new OutboxRecord { Event = new OutboxEvent(type, subject, DocumentJson.ToText(data)) });
        return this;
    }

    /// <summary>Starts a flow.</summary>
    public Batch StartFlow<TInput, TOutput>(FlowName<TInput, TOutput> flow, string id, TInput input)
    {
        ArgumentNullException.ThrowIfNull(flow);
        _records.Add(new OutboxRecord { FlowStart = new OutboxFlowStart(flow.Name, id, DocumentJson.ToText(input)) });
        return this;
    }

    /// <summary>Raises an event to a flow.</summary>
    public Batch RaiseFlowEvent<T>(string flowId, string name, T payload)
    {
        _records.Add(new OutboxRecord { FlowEvent = new OutboxFlowEvent(flowId, name, DocumentJson.ToText(payload)) });
        return this;
    }
}
