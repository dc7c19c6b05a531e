using Microsoft.Extensions.DependencyInjection;

namespace MidnightOS.Prover.Queue;

/// <summary>The composition of the queue.</summary>
internal static class QueueServices
{
    public static IServiceCollection AddProofQueue(this IServiceCollection services)
    {
        services.AddSingleton<TenantSlots>();
        services.AddSingleton<ProofJobSide>();
        services.AddSingleton<ProofRunner>();
        services.AddSingleton<JobFollower>();
        services.AddSingleton<ProofQueue>();
        services.AddSingleton<IProofQueue>(static provider => provider.GetRequiredService<ProofQueue>());
        services.AddSingleton<QueueMetrics>();
        services.AddHostedService<ProofFeeder>();
        return services;
    }
}
