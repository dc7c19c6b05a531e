using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MidnightOS.Azure.Messaging;
using MidnightOS.Azure.ServiceBus;
using MidnightOS.Azure.Tables;
using MidnightOS.Azure.Telemetry;
using MidnightOS.Core;
using MidnightOS.Core.Maintenance;
using MidnightOS.Midnight;
using MidnightOS.Prover;

namespace MidnightOS.Azure.Prover;

/// <summary>The function app of the proofs: the official routes, and the jobs of the queue <c>proofs</c>. It has no vault, no wallets, no task hub, and stores of its own (docs/adr/0020).</summary>
public static class ProverApp
{
    /// <summary>Composes the app.</summary>
    /// <param name="args">The command line, which the Functions host gives.</param>
    public static IHost Build(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        AddAzureProver(builder.Services, builder.Configuration);
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        return builder.Build();
    }

    private static void AddAzureProver(IServiceCollection services, IConfiguration configuration)
    {
        services.AddProofCore();
        services.AddAzureStores(configuration, PlatformApp.Prover).AddAzureTables(configuration, PlatformApp.Prover).AddServiceBus(configuration);
        services.AddMidnightNode(configuration);
        services.AddProver(configuration).TakeProofsFromMessages().AddProverPipeline();
        services.AddQueuedProofs().AddQueuedProofNews();
        services.Configure<KestrelServerOptions>(static kestrel => kestrel.AddServerHeader = false);
        services.AddAzureTelemetry(configuration, "prover");
    }
}
