using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api;
using MidnightOS.Api.Hosting;
using MidnightOS.Azure.Api.Entra;
using MidnightOS.Azure.KeyVault;
using MidnightOS.Azure.KeyVault.Client;
using MidnightOS.Azure.Messaging;
using MidnightOS.Azure.Models;
using MidnightOS.Azure.ServiceBus;
using MidnightOS.Azure.Tables;
using MidnightOS.Azure.Telemetry;
using MidnightOS.Core;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Outbox;
using MidnightOS.Custody;
using MidnightOS.Midnight;

namespace MidnightOS.Azure.Api;

/// <summary>The composition of the API's app: everything behind the routes, without flows, the ledger's processes and the wallets' key.</summary>
internal static class ApiApp
{
    /// <summary>Adds all that its functions need. A setting that cannot be used stops the app at its start and is named.</summary>
    public static IServiceCollection AddApiApp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCore().AddAzureModels().AddWalletExportByFlow().AddDueQueueDepths();
        services.AddAzureStores(configuration, PlatformApp.Api).AddAzureTables(configuration, PlatformApp.Api).AddAzureRecords();
        services.AddServiceBus(configuration).AddQueuedFlows();
        services.AddKeyVault(configuration).AddVaultTokenKeys().AddPayloadSealing();
        services.AddMidnightChain(configuration);
        services.AddApi(configuration).AddApiPipeline(configuration).AddEntraSignIn(configuration);

        // What it misses, because the app was put to sleep, the timer finds.
        services.AddHostedService<DispatchLoop>();
        services.Configure<KestrelServerOptions>(static kestrel => kestrel.AddServerHeader = false);
        return services.AddAzureTelemetry(configuration, "api");
    }
}
