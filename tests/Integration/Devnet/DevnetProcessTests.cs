using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Midnight.Devnet;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Integration.Ledger;

namespace MidnightOS.Tests.Integration.Devnet;

public sealed class DevnetProcessTests : IDisposable
{
    private const int EndedEvent = 5222;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _folder = Directory.CreateTempSubdirectory("midnightos-").FullName;

    [Fact]
    public async Task StartAsync_FreePorts_IndexerAnswers()
    {
        await using var services = Services();
        var ready = await services.GetRequiredService<DevnetProcess>().StartAsync(None);

        Assert.NotEqual(0, ready.Indexer.Port);
        Assert.NotEqual(ready.Indexer.Port, ready.Node.Port);
        Assert.Equal(ready.Height, await HeightAsync(ready, atLeast: ready.Height));
    }

    [Fact]
    public async Task WhenReadyAsync_ProcessKilled_ComesBackOnTheSamePortsWithItsChain()
    {
        var log = new EventLog(EndedEvent);
        await using var services = Services(log);
        var devnet = services.GetRequiredService<DevnetProcess>();
        var before = await devnet.StartAsync(None);
        await PoolUnderTest.SignalAsync(before.Pid, "KILL");
        await log.Seen;
        var after = await devnet.WhenReadyAsync(None);

        Assert.NotEqual(before.Pid, after.Pid);
        Assert.Equal((before.Indexer, before.Node), (after.Indexer, after.Node));
        Assert.True(after.Height >= before.Height);
    }

    [Fact]
    public async Task StartAsync_PortTaken_SaysWhy()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var services = Services(settings: ("IndexerPort", ((IPEndPoint)taken.LocalEndpoint).Port.ToString()));
        var failure = await Assert.ThrowsAsync<DevnetUnavailableException>(() => services.GetRequiredService<DevnetProcess>().StartAsync(None));
        Assert.Contains("EADDRINUSE", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_Running_LeavesNoProcess()
    {
        var services = Services();
        var ready = await services.GetRequiredService<DevnetProcess>().StartAsync(None);
        await services.DisposeAsync();
        Assert.False(PoolUnderTest.IsRunning(ready.Pid));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<long> HeightAsync(DevnetReady ready, long atLeast)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(
            new Uri(ready.Indexer, "/api/v4/graphql"), new { query = "query($h: Int!) { block(offset: { height: $h }) { height } }", variables = new { h = atLeast } });
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return json.GetProperty("data").GetProperty("block").GetProperty("height").GetInt64();
    }

    private ServiceProvider Services(ILoggerProvider? log = null, params (string Setting, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Devnet:IndexerPort"] = "0",
            ["Devnet:NodePort"] = "0",
            ["Devnet:Folder"] = Path.Combine(_folder, "chain"),
        };
        foreach (var (setting, value) in settings)
        {
            values["Devnet:" + setting] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var services = new ServiceCollection().AddLogging(logging => _ = log is null ? logging : logging.AddProvider(log));
        return services.AddNodeWorkspace(configuration).AddDevnet(configuration).BuildServiceProvider();
    }

    /// <summary>Waits for one event in the log.</summary>
    private sealed class EventLog(int awaited) : ILoggerProvider, ILogger
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == awaited)
            {
                _seen.TrySetResult();
            }
        }

        public void Dispose()
        {
        }
    }
}
