using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Contracts;

/// <summary>The composition of contract calls.</summary>
internal static class ContractServices
{
    public static IServiceCollection AddContracts(this IServiceCollection services)
    {
        services.AddSingleton<CallPayloads>();
        services.AddSingleton<PrepareCall>();
        services.AddSingleton<CheckCall>();
        services.AddSingleton<CallContract>();
        services.AddSingleton<CallProofs>();
        services.AddSingleton<ForgetCall>();
        services.AddSingleton<EraseCalls>();
        services.AddSingleton<IBackgroundWork>(static provider => provider.GetRequiredService<EraseCalls>());
        return services;
    }
}
