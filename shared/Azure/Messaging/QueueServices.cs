using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Flows;

namespace MidnightOS.Azure.Messaging;

/// <summary>The composition of what is sent over queues.</summary>
public static class QueueServices
{
    /// <summary>Adds the flow client of the API and the prover, which sends over <see cref="IMessageQueue"/>. The flows' app has its own, over the task hub.</summary>
    public static IServiceCollection AddQueuedFlows(this IServiceCollection services) => services.AddSingleton<IFlowClient, QueuedFlowClient>();
}
