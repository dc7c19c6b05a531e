using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MidnightOS.Storage;
using MidnightOS.Storage.Sqlite;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>A host that starts with storage.</summary>
public sealed class StorageStartTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Start_NoFolder_FailsAndNamesTheSetting(string? folder)
    {
        using var host = Host(folder);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("Data:Folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NewerSchema_Fails()
    {
        using var folder = new TemporaryFolder();
        await using (var newer = new StorageHost(folder.Path, new ManualTimeProvider()))
        {
            await newer.Get<SqliteDatabase>().WriteAsync(
                session => session.Execute("INSERT INTO schema_version (name, applied_at) VALUES ('later-001', '')"), default);
        }

        using var host = Host(folder.Path);
        await Assert.ThrowsAsync<NewerSchemaException>(() => host.StartAsync());
    }

    private static IHost Host(string? folder)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Folder"] = folder });
        builder.Services.AddStorage(builder.Configuration);
        return builder.Build();
    }
}
