using System.Diagnostics;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Soak.Hosts;

/// <summary>The host of a run: one process after the other on one data folder and the same ports.</summary>
internal sealed class HostKeeper(string[] program, string runFolder, Findings findings) : IAsyncDisposable
{
    private readonly HostLog _log = new(Path.Combine(runFolder, "host.log"));
    private HostProcess? _host;

    public IReadOnlyDictionary<string, long> Failures => _log.Failures;

    /// <summary>How long the last start took until the host was ready.</summary>
    public TimeSpan StartedIn { get; private set; }

    public HostProcess Current => _host ?? throw new InvalidOperationException("No host was started.");

    /// <summary>The command line of a host: the product's own settings, but limits that a crowd does not reach and leases that fit to lives of seconds.</summary>
    public static string[] Settings(string data, int port, params string[] more) =>
    [
        "--urls", $"http://127.0.0.1:{port}", "--Data:Folder", data, "--Prover:Port", "0", "--Flows:LeaseDuration", "00:00:02", "--Transactions:TimeToLive", "00:00:30",
        .. NoRateLimits.Settings, .. more,
    ];

    /// <summary>Starts a process; it is not ready yet.</summary>
    public async Task<HostProcess> LaunchAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        findings.Count("starts");
        return _host = new HostProcess(program, runFolder, _log);
    }

    /// <summary>Starts a process and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        var time = Stopwatch.StartNew();
        var host = await LaunchAsync();
        if (!await host.WhenReadyAsync())
        {
            throw new SoakException(host.HasExited ? $"The host ended with {host.ExitCode} before it was ready; see host.log." : "The host did not become ready; see host.log.");
        }

        StartedIn = time.Elapsed;
    }

    /// <summary>Ends the host in good order.</summary>
    public async Task StopAsync()
    {
        if (!await Current.EndAsync(Posix.Terminate))
        {
            findings.Violated("The host did not stop when it was asked to.");
        }
        else if (Current.ExitCode != 0)
        {
            findings.Violated($"The host stopped with {Current.ExitCode}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _log.Dispose();
    }
}

/// <summary>The run cannot go on.</summary>
internal sealed class SoakException(string message) : Exception(message);
