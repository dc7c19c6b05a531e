namespace MidnightOS.Azure.Messaging;

/// <summary>Sends to the queues of the azure edition.</summary>
public interface IMessageQueue
{
    /// <summary>Sends a message; when it returns the queue has it. Sent again with the same id it counts once, for as long as the queue remembers ids.</summary>
    /// <exception cref="Core.Storage.StorageUnavailableException">The queue is out of reach. Whether it has the message is not known; sending it again is safe.</exception>
    Task SendAsync(QueueMessage message, CancellationToken cancellationToken);
}

/// <summary>A message to send.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="MessageId">Its id, the same however often it is sent; at most 128 characters.</param>
/// <param name="SessionId">Messages of a session are received in their order; at most 128 characters. Null where the queue has none.</param>
/// <param name="Body">UTF-8 JSON.</param>
public sealed record QueueMessage(string Queue, string MessageId, string? SessionId, ReadOnlyMemory<byte> Body)
{
    /// <summary>The trace that the receiver goes on with, a W3C traceparent; null for none.</summary>
    public string? TraceParent { get; init; } = Core.Telemetry.TraceParent.Current;

    /// <summary>What must not stand in the body, which cannot be taken off a message that is put aside (<see cref="ProofMessage.KeyProperty"/>); null for nothing.</summary>
    public string? Key { get; init; }

    /// <summary>How long the queue holds it back.</summary>
    public TimeSpan After { get; init; }
}
