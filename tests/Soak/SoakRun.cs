using System.Diagnostics;
using MidnightOS.Tests.Soak.Checks;
using MidnightOS.Tests.Soak.Hosts;
using MidnightOS.Tests.Soak.Load;

namespace MidnightOS.Tests.Soak;

/// <summary>One run: a folder, the host on it, the load on the host, and what the checks compare.</summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly CancellationToken _cancellationToken;
    private HostKeeper? _keeper;
    private LedgerBook? _ledger;
    private LoadGenerator? _load;

    public SoakRun(SoakOptions options, CancellationToken cancellationToken)
    {
        (Options, _cancellationToken) = (options, cancellationToken);
        Random = new Random(options.Seed);
        (Port, IndexerPort, NodePort) = FreePorts.Take(3) is [var api, var indexer, var node] ? (api, indexer, node) : default;
        DataFolder = Path.Combine(Folder, "data");
    }

    public SoakOptions Options { get; }

    public Random Random { get; }

    public Findings Findings { get; } = new();

    public Oracle Oracle { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("midnightos-soak-").FullName;

    public string DataFolder { get; init; }

    public int Port { get; }

    public int IndexerPort { get; }

    public int NodePort { get; }

    public Stopwatch Time { get; } = Stopwatch.StartNew();

    public HostKeeper Host => _keeper!;

    /// <summary>Whether somebody will want to look at what the run leaves.</summary>
    public bool KeepsFolder => Options.Keep || Findings.Violations.Count > 0;

    /// <summary>What the hosts logged as errors, and how often.</summary>
    public IReadOnlyDictionary<string, long> Failures => _keeper?.Failures ?? new Dictionary<string, long>(StringComparer.Ordinal);

    public RestartCheck RestartCheck => new(Oracle, _ledger!, Findings, new Random(Random.Next()));

    /// <summary>The product itself.</summary>
    public static string Product => Path.Combine(AppContext.BaseDirectory, "MidnightOS.Embedded.dll");

    /// <summary>The settings of a host that runs the devnet.</summary>
    public string[] OwnDevnet => ["--Devnet:IndexerPort", $"{IndexerPort}", "--Devnet:NodePort", $"{NodePort}"];

    /// <summary>Starts the first host and the load on it.</summary>
    /// <param name="program">The assembly to run, and what it needs before the host's settings.</param>
    /// <param name="settings">The host's settings beyond those of every run.</param>
    /// <param name="indexer">Where the ledger is read for the checks.</param>
    public async Task BeginAsync(string[] program, string[] settings, Uri indexer)
    {
        _keeper = new HostKeeper([.. program, .. HostKeeper.Settings(DataFolder, Port, settings)], Folder, Findings);
        _ledger = new LedgerBook(indexer, Findings);
        await _keeper.StartAsync();
        _load = new LoadGenerator(new Uri($"http://127.0.0.1:{Port}"), Options, Oracle, Findings, _cancellationToken);
    }

    /// <summary>Waits until there are bots that pay, so that faults meet work; and lets one more tenant in, so that a sign-up meets faults.</summary>
    public async Task UnderLoadAsync()
    {
        while (Oracle.Residents.Count < 2 * (Options.Tenants - 1))
        {
            await Task.Delay(200, _cancellationToken);
        }

        Findings.Say($"{Oracle.Residents.Count} bots pay; the faults begin.");
        _load!.Join();
    }

    /// <summary>The faults are over: everything that was begun has to end, and everything has to agree.</summary>
    public async Task FinishAsync()
    {
        Findings.Say("The faults are over; waiting for everything that was begun.");
        if (!await _load!.FinishAsync(Patience))
        {
            Findings.Violated($"Requests have no final answer {Patience} after the last fault.");
        }

        await new EndCheck(Oracle, _ledger!, Findings).RunAsync(Patience, _cancellationToken);
        await _keeper!.StopAsync();
        await new StoredCheck(DataFolder, Oracle, _ledger!, Findings).RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _load?.Dispose();
        _ledger?.Dispose();
        if (_keeper is not null)
        {
            await _keeper.DisposeAsync();
            _keeper = null;
        }
    }
}
