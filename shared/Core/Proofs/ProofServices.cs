using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs.Apart;

namespace MidnightOS.Core.Proofs;

/// <summary>The composition of proof jobs.</summary>
internal static class ProofServices
{
    public static IServiceCollection AddProofs(this IServiceCollection services)
    {
        services.AddValidatedOptions<ProofOptions>(ProofOptions.Section, static options => options.Problem());
        services.AddSingleton<ProofSignal>();
        services.TryAddSingleton<IProofSealer, VaultProofSealer>();
        services.TryAddSingleton<IProofCourier, NoCourier>();
        services.AddSingleton<ProofPayloads>();
        services.TryAddKeyedSingleton<IUnitOfWork>(ApartServices.Key, static (provider, _) => provider.GetRequiredService<IUnitOfWork>());
        services.AddSingleton<ChangeProof>();
        services.AddSingleton<MeterProofs>();
        services.AddSingleton<SubmitProof>();
        services.AddSingleton<ReadProof>();
        services.AddSingleton<CancelProof>();
        services.AddSingleton<HoldProof>();
        services.AddSingleton<FinishProof>();
        services.AddSingleton<FindProofWork>();
        services.AddSingleton<EndLostProofs>();
        services.AddSingleton<IBackgroundWork>(static provider => provider.GetRequiredService<EndLostProofs>());
        services.AddSingleton<EraseProofs>();
        services.AddSingleton<IBackgroundWork>(static provider => provider.GetRequiredService<EraseProofs>());
        services.AddSingleton<ProofTimes>();
        services.AddSingleton<IBackgroundWork>(static provider => provider.GetRequiredService<ProofTimes>());
        return services;
    }
}
