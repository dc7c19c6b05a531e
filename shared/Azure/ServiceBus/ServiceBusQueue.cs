using System.Collections.Concurrent;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using MidnightOS.Azure.Messaging;
using MidnightOS.Core.Storage;

namespace MidnightOS.Azure.ServiceBus;

/// <summary>Sends over Service Bus. The client repeats a call that failed for a moment; the queue drops what it has twice, by the message's id.</summary>
internal sealed class ServiceBusQueue(ServiceBusClient client, TimeProvider time) : IMessageQueue, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);

    public async Task SendAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var sender = _senders.GetOrAdd(message.Queue, client.CreateSender);
        try
        {
            await sender.SendMessageAsync(ToMessage(message), cancellationToken);
        }
        catch (ServiceBusException error) when (error.Reason is not ServiceBusFailureReason.MessageSizeExceeded)
        {
            throw Unavailable(message, error);
        }
        catch (Exception error) when (error is AuthenticationFailedException or UnauthorizedAccessException)
        {
            throw Unavailable(message, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders.Values)
        {
            await sender.DisposeAsync();
        }
    }

    private ServiceBusMessage ToMessage(QueueMessage message)
    {
        var sent = new ServiceBusMessage(message.Body) { MessageId = message.MessageId, ContentType = "application/json" };
        if (message.SessionId is { } session)
        {
            sent.SessionId = session;
        }

        if (message.Key is { } key)
        {
            sent.ApplicationProperties[ProofMessage.KeyProperty] = key;
        }

        if (message.After > TimeSpan.Zero)
        {
            sent.ScheduledEnqueueTime = time.GetUtcNow() + message.After;
        }

        if (message.TraceParent is { } trace)
        {
            sent.ApplicationProperties[FlowMessage.TraceParentProperty] = trace;
        }

        return sent;
    }

    private static StorageUnavailableException Unavailable(QueueMessage message, Exception error) =>
        new($"The queue {message.Queue} is out of reach: {error.Message.Split('\n')[0]}", error);
}
