using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Embedded;

/// <summary>The embedded host in this process: real HTTP on a free port, real SQLite in a folder of its own, its own devnet on the real ledger.</summary>
public sealed class PlatformUnderTest : IAsyncLifetime
{
    private WebApplication? _app;

    public string Folder { get; } = Directory.CreateTempSubdirectory("midnightos-").FullName;

    public Uri Address => new(_app!.Urls.First());

    public IServiceProvider Services => _app!.Services;

    public async Task InitializeAsync() => _app = await StartAsync(Folder);

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A client that is signed in as the owner of a tenant of its own.</summary>
    public Task<PlatformClient> SignUpAsync() => PlatformClient.SignUpAsync(Address);

    /// <summary>Starts a host on a data folder.</summary>
    public static Task<WebApplication> StartAsync(string folder, params string[] settings) => StartAsync(folder, static _ => { }, settings);

    /// <summary>Starts a host on a data folder with changes to its composition.</summary>
    public static async Task<WebApplication> StartAsync(string folder, Action<WebApplicationBuilder> configure, params string[] settings)
    {
        var app = EmbeddedHost.Build(Arguments(folder, settings), builder =>
        {
            builder.Logging.ClearProviders();
            configure(builder);
        });
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            // What it had begun still writes to the folder until then.
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>The command line of a host on a data folder, on free ports.</summary>
    public static string[] Arguments(string folder, params string[] settings) =>
    [
        "--urls", "http://127.0.0.1:0", "--Data:Folder", folder, "--Devnet:IndexerPort", "0", "--Devnet:NodePort", "0", "--Prover:Port", "0",

        .. NoRateLimits.Settings, .. settings,
    ];
}

[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<PlatformUnderTest>
{
    public const string Name = "platform";
}
