using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Azure.Messaging;
using MidnightOS.Prover.Messages;

namespace MidnightOS.Azure.Prover.Functions;

/// <summary>Takes the words of proof jobs from their queue. What becomes of a message is decided by <see cref="ReceiveProofMessage"/>; here it is done.</summary>
/// <param name="services">The app's services.</param>
public sealed class ProofFunctions(IServiceProvider services)
{
    /// <summary>Carries a word out. The host renews the message's lock meanwhile.</summary>
    [Function("Proofs")]
    public Task RunAsync(
        [ServiceBusTrigger(ProofMessage.Queue, Connection = "ServiceBus", AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var key = message.ApplicationProperties.TryGetValue(ProofMessage.KeyProperty, out var value) ? value as string : null;
        return services.GetRequiredService<ReceiveProofMessage>()
            .RunAsync(ProofMessage.Read(message.Body.ToMemory(), key), new LockedMessage(message, actions), cancellationToken);
    }

    private sealed class LockedMessage(ServiceBusReceivedMessage message, ServiceBusMessageActions actions) : IProofMessage
    {
        public int Deliveries => message.DeliveryCount;

        // What was done is told to the queue also when the host stops.
        public Task CompleteAsync() => actions.CompleteMessageAsync(message, CancellationToken.None);

        public Task AbandonAsync() => actions.AbandonMessageAsync(message, propertiesToModify: null, CancellationToken.None);

        public Task DeadLetterAsync(string reason, string description) => actions.DeadLetterMessageAsync(
            message, new Dictionary<string, object>(StringComparer.Ordinal) { [ProofMessage.KeyProperty] = "" }, reason, description, CancellationToken.None);
    }
}
