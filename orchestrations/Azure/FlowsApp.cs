using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Flows.Hosting;
using MidnightOS.Azure.KeyVault;
using MidnightOS.Azure.Messaging;
using MidnightOS.Azure.ServiceBus;
using MidnightOS.Azure.Tables;
using MidnightOS.Core;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Proofs.OneTimeKeys;
using MidnightOS.Custody;
using MidnightOS.Midnight;
using MidnightOS.Orchestrations;
using MidnightOS.Orchestrations.Durable;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Azure.Flows;

/// <summary>The composition of the flows' app: every flow with its steps, wallet custody, and the ledger's processes. It takes no calls from outside.</summary>
internal static class FlowsApp
{
    /// <summary>Adds all that its functions need. A setting that cannot be used stops the app at its start and is named.</summary>
    public static IServiceCollection AddFlowsApp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCore();
        services.AddAzureStores(configuration).AddAzureTables(configuration).AddServiceBus(configuration);
        services.AddKeyVault(configuration).AddPayloadSealing().AddWalletCustody();
        services.AddOneTimeProofKeys();
        services.AddMidnight(configuration).AddLedgerProbe();
        services.AddOrchestrations().AddDurableFlows();
        services.AddSingleton<RunPlannedWork>();
        return services.AddHub(configuration);
    }

    private static IServiceCollection AddHub(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<FlowEngineOptions>, FlowEngineOptionsValidator>();
        services.AddOptions<FlowEngineOptions>().Bind(configuration.GetSection(FlowEngineOptions.Section)).ValidateOnStart();
        services.AddSingleton<DurableClientScope>();
        services.AddSingleton<Func<DurableTaskClient>>(static provider => () => provider.GetRequiredService<DurableClientScope>().Client);
        services.AddSingleton<IFlowClient, DurableFlowClient>();
        services.AddSingleton<CarryOutFlowMessage>();
        return services.AddSingleton<PurgeFlows>();
    }
}
