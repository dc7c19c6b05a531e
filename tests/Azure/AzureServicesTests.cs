using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MidnightOS.Azure;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Tests.Azure;

/// <summary>How the stores in Azure are composed.</summary>
public sealed class AzureServicesTests
{
    private static readonly Dictionary<string, string?> Whole = new(StringComparer.Ordinal)
    {
        ["Cosmos:Endpoint"] = "https://example.documents.azure.com:443/",
        ["Cosmos:Database"] = "midnightos",
        ["Blobs:Endpoint"] = "https://example.blob.core.windows.net/",
    };

    [Fact]
    public async Task Stores_WithAllSettings_AreMade()
    {
        await using var services = Services(Whole);
        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.NotNull(services.GetRequiredService<IDocumentStore>());
        Assert.NotNull(services.GetRequiredService<IBlobStore>());
    }

    [Fact]
    public async Task Stores_OfAnAppThatMakesProofs_HaveNoOtherDocuments()
    {
        await using var services = new ServiceCollection().AddLogging()
            .AddAzureStores(new ConfigurationBuilder().AddInMemoryCollection(Whole).Build(), PlatformApp.Prover).BuildServiceProvider();
        var store = services.GetRequiredService<IDocumentStore>();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => store.GetAsync(TenantId.Platform, new DocumentKey("bot", "bot_1"), default));
        Assert.Contains("bot", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cosmos:Endpoint", null)]
    [InlineData("Cosmos:Endpoint", "http://example.documents.azure.com/")]
    [InlineData("Cosmos:Endpoint", "AccountEndpoint=x;AccountKey=y")]
    [InlineData("Cosmos:Database", " ")]
    [InlineData("Cosmos:SlowCall", "0")]
    [InlineData("Blobs:Endpoint", "example")]
    public async Task Start_SettingMissingOrWrong_NamesIt(string setting, string? value)
    {
        await using var services = Services(new Dictionary<string, string?>(Whole, StringComparer.Ordinal) { [setting] = value });
        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings) => new ServiceCollection()
        .AddLogging()
        .AddAzureStores(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), PlatformApp.Api)
        .BuildServiceProvider();
}
