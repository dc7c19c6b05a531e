using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Flows.Hosting;
using MidnightOS.Azure.KeyVault.Client;
using MidnightOS.Azure.Messaging;
using MidnightOS.Azure.ServiceBus;
using MidnightOS.Azure.Tables;
using MidnightOS.Azure.Telemetry;
using MidnightOS.Core;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Custody;
using MidnightOS.Midnight;
using MidnightOS.Orchestrations;
using MidnightOS.Orchestrations.Durable;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Azure.Flows;

/// <summary>The composition of the flows' app: every flow with its steps, wallet custody, and the ledger's processes. It takes no calls from outside.</summary>
internal static class FlowsApp
{
    /// <summary>Builds the app; what does not fit together is found here.</summary>
    public static IHost Build(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.Services.AddFlowsApp(builder.Configuration);
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        return builder.Build();
    }

    /// <summary>Adds all that its functions need. A setting that cannot be used stops the app at its start and is named.</summary>
    public static IServiceCollection AddFlowsApp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCore().AddLedgerWork().AddDueQueueDepths();
        services.AddAzureStores(configuration, PlatformApp.Flows).AddAzureTables(configuration, PlatformApp.Flows).AddServiceBus(configuration);
        services.AddKeyVault(configuration).AddPayloadSealing().AddWalletCustody();
        services.AddSingleton<ITokenSigningKeys, NoAccessTokens>();
        services.AddQueuedProofs().AddProofsApart().AddProofNewsForwarding();
        services.AddMidnight(configuration);
        services.AddOrchestrations().AddDurableFlows();
        services.AddSingleton<RunPlannedWork>();
        return services.AddHub(configuration).AddAzureTelemetry(configuration, "flows");
    }

    private static IServiceCollection AddHub(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<FlowEngineOptions>, FlowEngineOptionsValidator>();
        services.AddOptions<FlowEngineOptions>().Bind(configuration.GetSection(FlowEngineOptions.Section)).ValidateOnStart();
        services.AddSingleton<HubClient>();
        services.AddSingleton<Func<DurableTaskClient>>(static provider => () => provider.GetRequiredService<HubClient>().Client);
        services.AddSingleton<IFlowClient, DurableFlowClient>();
        services.AddSingleton<CarryOutFlowMessage>();
        services.AddSingleton<ReceiveProofNews>();

        // What it misses, because the app was stopped, the sweep of the API finds.
        services.AddHostedService<DispatchLoop>();
        return services.AddSingleton<PurgeFlows>();
    }
}
