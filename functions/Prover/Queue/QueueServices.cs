using Microsoft.Extensions.DependencyInjection;

namespace MidnightOS.Prover.Queue;

/// <summary>The composition of the queue.</summary>
internal static class QueueServices
{
    public static IServiceCollection AddProofQueue(this IServiceCollection services)
    {
        services.AddSingleton<QueueMetrics>();
        services.AddSingleton<TenantSlots>();
        services.AddSingleton<ProofJobSide>();
        services.AddSingleton<ProofTally>();
        services.AddSingleton<ProofRunner>();
        services.AddSingleton<ProofTurns>();
        services.AddSingleton<ProofLine>();
        services.AddSingleton<JobFollower>();
        services.AddSingleton<IProofQueue, ProofQueue>();
        services.AddHostedService<ProofKeeper>();
        services.AddHostedService<ProofRoom>();
        services.AddHostedService<ProofFeeder>();
        return services;
    }
}
