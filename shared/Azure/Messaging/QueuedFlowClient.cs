using MidnightOS.Core.Flows;

namespace MidnightOS.Azure.Messaging;

/// <summary>Starts flows and raises events over the queue <c>flows</c>, for apps without a right on the task hub.</summary>
internal sealed class QueuedFlowClient(IMessageQueue queue) : IFlowClient
{
    /// <summary>Whether there was a flow of this id is known to nobody here; see <see cref="IFlowClient.StartAsync"/>.</summary>
    public async Task<bool> StartAsync(string flow, string id, string inputJson, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(flow);
        ArgumentException.ThrowIfNullOrEmpty(id);
        await SendAsync(FlowMessage.OfStart(flow, id, inputJson), cancellationToken);
        return true;
    }

    public Task RaiseAsync(string id, string eventId, string name, string payloadJson, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(eventId);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return SendAsync(FlowMessage.OfEvent(id, eventId, name, payloadJson), cancellationToken);
    }

    public Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This app sends to flows and cannot look at them. What looks for lost flows runs in the flows' app.");

    private Task SendAsync(FlowMessage message, CancellationToken cancellationToken) =>
        queue.SendAsync(new QueueMessage(FlowMessage.Queue, message.MessageId, message.SessionId, message.ToJson()), cancellationToken);
}
