using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
}
