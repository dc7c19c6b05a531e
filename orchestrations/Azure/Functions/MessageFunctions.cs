using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Azure.Flows.Hosting;
using MidnightOS.Azure.Messaging;

namespace MidnightOS.Azure.Flows.Functions;

/// <summary>Takes starts and events from the queue <c>flows</c>, each flow's in their order, and the prover's word of news from the queue <c>proofnews</c>.</summary>
/// <param name="services">The app's services.</param>
public sealed class MessageFunctions(IServiceProvider services)
{
    /// <summary>Carries out a message. One that never can be goes to the dead letters with its reason; what throws gives it back to the queue.</summary>
    [Function("flow-message")]
    public async Task TakeMessage(
        [ServiceBusTrigger(FlowMessage.Queue, Connection = "ServiceBus", IsSessionsEnabled = true, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        services.GetRequiredService<HubClient>().Keep(client);
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(actions);
        var trace = message.ApplicationProperties.TryGetValue(FlowMessage.TraceParentProperty, out var value) ? value as string : null;
        var delivery = await services.GetRequiredService<CarryOutFlowMessage>().RunAsync(message.Body.ToMemory(), trace, cancellationToken);
        if (delivery.PutAside is { } reason)
        {
            await actions.DeadLetterMessageAsync(message, deadLetterReason: reason, deadLetterErrorDescription: delivery.Detail, cancellationToken: cancellationToken);
            return;
        }

        // Not stopped any more: it is done, and given out again it would be done twice.
        await actions.CompleteMessageAsync(message, CancellationToken.None);
    }

    /// <summary>Carries over what a tenant's proof jobs tell.</summary>
    [Function("proof-news-message")]
    public Task TakeProofNews([ServiceBusTrigger(ProofNewsMessage.Queue, Connection = "ServiceBus")] ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return services.GetRequiredService<ReceiveProofNews>().RunAsync(message.Body.ToMemory(), cancellationToken);
    }
}
