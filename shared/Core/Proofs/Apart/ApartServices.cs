using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Proofs.Apart;

/// <summary>The composition of proofs that are kept apart from the platform (docs/adr/0020). The host adds the divided stores.</summary>
public static class ApartServices
{
    /// <summary>Names what is the jobs' own among the services: their <see cref="IUnitOfWork"/> and <see cref="OutboxSignal"/>.</summary>
    internal const string Key = "proofs";

    /// <summary>Gives jobs an outbox of their own, for apps that change jobs; what it says is told over <see cref="IProofNews"/>, which the host adds.</summary>
    public static IServiceCollection AddProofsApart(this IServiceCollection services)
    {
        services.AddKeyedSingleton<OutboxSignal>(Key);
        services.AddKeyedSingleton<IUnitOfWork>(Key, static (provider, key) => new UnitOfWork(
            provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<IDirectory>(), provider.GetRequiredService<IIdGenerator>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredKeyedService<OutboxSignal>(key), ProofArea.Outbox));
        services.AddHostedService<ProofNewsLoop>();
        return services;
    }

    /// <summary>Carries over what jobs tell, for the app that has a right on both sides.</summary>
    public static IServiceCollection AddProofNewsForwarding(this IServiceCollection services)
    {
        services.AddSingleton<ForwardProofNews>();
        services.AddSingleton<IProofNews>(static provider => provider.GetRequiredService<ForwardProofNews>());
        services.AddSingleton<IBackgroundWork, SweepProofNews>();
        return services;
    }
}
