using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Contracts;

/// <summary>The composition of contract calls.</summary>
internal static class ContractServices
{
    public static IServiceCollection AddContracts(this IServiceCollection services)
    {
        services.AddSingleton<CallPayloads>();
        services.AddSingleton(static provider => new CheckCall(
            provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<IContractReader>(), provider.GetService<PrepareCall>(), provider.GetRequiredService<NetworkProfile>()));
        services.AddSingleton<CallContract>();
        services.AddSingleton<ForgetCall>();
        services.AddSingleton<EraseCalls>();
        services.AddSingleton<IBackgroundWork>(static provider => provider.GetRequiredService<EraseCalls>());
        return services;
    }
}
