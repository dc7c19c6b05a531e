using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Proofs.OneTimeKeys;

/// <summary>The composition of proof jobs whose requests are sealed under keys that travel with messages.</summary>
public static class OneTimeKeyServices
{
    /// <summary>Has proof jobs sealed without a vault. The host adds the <see cref="IProofCourier"/> that sends the messages.</summary>
    public static IServiceCollection AddOneTimeProofKeys(this IServiceCollection services)
    {
        services.AddSingleton<ResultKeys>();
        services.Replace(ServiceDescriptor.Singleton<IProofSealer, OneTimeSealer>());
        return services;
    }

    /// <summary>Adds the background work that ends jobs whose message was lost. One of the host's apps runs it.</summary>
    public static IServiceCollection AddLostProofs(this IServiceCollection services)
    {
        services.AddSingleton<EndLostProofs>();
        services.AddSingleton<IBackgroundWork>(static provider => provider.GetRequiredService<EndLostProofs>());
        return services;
    }
}
