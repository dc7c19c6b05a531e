using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Ledger;

/// <summary>The composition of the ledger.</summary>
internal static class LedgerServices
{
    public static IServiceCollection AddLedger(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LedgerOptions>().Bind(configuration.GetSection(LedgerOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LedgerOptions>, ValidateLedgerOptions>();
        services.AddMetrics();
        services.AddSingleton<LedgerMetrics>();
        services.AddSingleton<LedgerWorkers>();
        services.AddSingleton<LedgerPool>();
        services.AddSingleton<ILedger>(static provider => provider.GetRequiredService<LedgerPool>());
        services.AddSingleton<IContractLedger, ContractLedger>();
        services.AddHostedService<WarmLedger>();
        return services;
    }
}

/// <summary>Starts the first ledger process with the host, in the background, so that the first transfer does not wait for it.</summary>
internal sealed class WarmLedger(LedgerWorkers workers) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        workers.KeepWarm();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
