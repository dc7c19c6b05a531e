using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Core.Proofs.OneTimeKeys;

namespace MidnightOS.Azure.Messaging;

/// <summary>The composition of what is sent over queues.</summary>
public static class QueueServices
{
    /// <summary>Adds the flow client of the API, which sends over <see cref="IMessageQueue"/>. The flows' app has its own, over the task hub.</summary>
    public static IServiceCollection AddQueuedFlows(this IServiceCollection services) => services.AddSingleton<IFlowClient, QueuedFlowClient>();

    /// <summary>Has the words of proof jobs sent over <see cref="IMessageQueue"/>, and their bytes sealed without a vault: for the apps that accept jobs, the flows' and the prover.</summary>
    public static IServiceCollection AddQueuedProofs(this IServiceCollection services) =>
        services.AddOneTimeProofKeys().Replace(ServiceDescriptor.Singleton<IProofCourier, QueuedProofCourier>());

    /// <summary>Has the flows' app told of what jobs tell, for the prover, which has no right to carry it over.</summary>
    public static IServiceCollection AddQueuedProofNews(this IServiceCollection services) => services.AddSingleton<IProofNews, QueuedProofNews>();
}
