using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Azure.Tables;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Tests.Azure.Tables;

/// <summary>What of the tables each app is composed with. No test asks a table: there is none at the address.</summary>
public sealed class TablesServicesTests
{
    private static readonly DirectoryKey Email = new("email", "a@example.com");
    private static readonly DirectoryKey Key = new("apiKey", "0123");

    [Theory]
    [InlineData(PlatformApp.Api)]
    [InlineData(PlatformApp.Flows)]
    [InlineData(PlatformApp.Prover)]
    public async Task Tables_OfEachApp_AreMade(PlatformApp app)
    {
        await using var services = Services(app);
        Assert.NotNull(services.GetRequiredService<ILeaseStore>());
        Assert.Equal(app is not PlatformApp.Prover, services.GetService<ICounterStore>() is not null);
    }

    [Fact]
    public async Task Directory_OfAnAppWithoutARight_RefusesBeforeAzureDoes()
    {
        await using var api = Services(PlatformApp.Api);
        await using var flows = Services(PlatformApp.Flows);
        await using var prover = Services(PlatformApp.Prover);
        await Assert.ThrowsAsync<InvalidOperationException>(() => prover.GetRequiredService<IDirectory>().FindAsync(Email, default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => flows.GetRequiredService<IDirectory>().FindAsync(Key, default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetRequiredService<IDirectory>().ListDueAsync("proof-work", default, 1, default));
    }

    private static ServiceProvider Services(PlatformApp app)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Tables:Endpoint"] = "https://example.table.core.windows.net" }).Build();
        return new ServiceCollection().AddLogging().AddAzureTables(configuration, app).BuildServiceProvider();
    }
}
