using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Azure.Flows;
using MidnightOS.Azure.Flows.Functions;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Tests.Azure.Flows;

/// <summary>The composition of the flows' app, on the settings that its template gives.</summary>
public sealed class FlowsAppTests
{
    private static readonly Dictionary<string, string?> Settings = new(StringComparer.Ordinal)
    {
        ["Midnight:Network"] = "preview",
        ["Cosmos:Endpoint"] = "https://a.documents.azure.com",
        ["Cosmos:Database"] = "midnightos",
        ["Tables:Endpoint"] = "https://a.table.core.windows.net",
        ["Blobs:Endpoint"] = "https://a.blob.core.windows.net",
        ["ServiceBus:fullyQualifiedNamespace"] = "a.servicebus.windows.net",
        ["KeyVault:Uri"] = "https://a.vault.azure.net",
        ["KeyVault:WalletKey"] = "wallets",
        ["KeyVault:SealKey"] = "payloads",
    };

    [Fact]
    public async Task AddFlowsApp_SettingsOfTheTemplate_FitsTogether()
    {
        await using var services = Build();

        Assert.NotNull(services.GetRequiredService<FlowFunctions>());
        Assert.NotNull(services.GetRequiredService<MessageFunctions>());
        Assert.NotNull(services.GetRequiredService<WorkFunctions>());
    }

    [Fact]
    public async Task AddFlowsApp_WorksPlannedForIt_AreThere()
    {
        await using var services = Build();

        var works = services.GetServices<IBackgroundWork>().Select(work => work.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Subset(works, WorkPlan.All.Where(planned => planned.App is PlatformApp.Flows).Select(planned => planned.Name).ToHashSet(StringComparer.Ordinal));
    }

    private static ServiceProvider Build()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<FlowFunctions>().AddSingleton<MessageFunctions>().AddSingleton<WorkFunctions>()
            .AddFlowsApp(configuration)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }
}
