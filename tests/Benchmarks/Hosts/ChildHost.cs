using System.Diagnostics;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Hosts;

/// <summary>A host as a process of its own, as users run it; it is ended with this.</summary>
internal sealed class ChildHost : IAsyncDisposable
{
    private const string ProofServerLine = "Proof server ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _last = new();

    private ChildHost(Process process) => _process = process;

    /// <summary>When the process was started, by <see cref="Stopwatch"/>.</summary>
    public long StartedAt { get; private init; }

    public Uri Address => _ready.Task.Result;

    /// <summary>Its proof service.</summary>
    public Uri? ProofServer { get; private set; }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>The product on a data folder, on free ports and without limits that a benchmark would meet.</summary>
    public static Task<ChildHost> PlatformAsync(string folder, params string[] settings) => StartAsync(
    [
        Path.Combine(AppContext.BaseDirectory, "MidnightOS.Embedded.dll"), "--urls", "http://127.0.0.1:0", "--Data:Folder", folder,
        "--Devnet:IndexerPort", "0", "--Devnet:NodePort", "0", "--Prover:Port", "0",
        .. NoRateLimits.Settings, .. settings,
    ]);

    /// <summary>The bare handler on the same data folder.</summary>
    public static Task<ChildHost> BareAsync(string folder) =>
        StartAsync([Path.Combine(AppContext.BaseDirectory, "MidnightOS.Tests.Benchmarks.dll"), BareHost.Verb, folder]);

    /// <summary>What the process holds in memory now, MiB.</summary>
    public double ResidentMebibytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1048576.0;
    }

    /// <summary>The processor time that the process has used.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var terminate = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static async Task<ChildHost> StartAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        var at = Stopwatch.GetTimestamp();
        var host = new ChildHost(Process.Start(start)!) { StartedAt = at };
        _ = host.ReadAsync(host._process.StandardOutput);
        _ = host.ReadAsync(host._process.StandardError);
        await host._ready.Task;
        return host;
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.TrimStart().StartsWith(ProofServerLine, StringComparison.Ordinal))
            {
                ProofServer = new Uri(line.TrimStart()[ProofServerLine.Length..].Trim());
            }

            if (line.StartsWith("Ready: ", StringComparison.Ordinal))
            {
                _ready.TrySetResult(new Uri(line["Ready: ".Length..]));
            }

            lock (_last)
            {
                _last.Enqueue(line);
                while (_last.Count > 10)
                {
                    _last.Dequeue();
                }
            }
        }

        lock (_last)
        {
            _ready.TrySetException(new InvalidOperationException($"The host ended before it was ready:\n{string.Join('\n', _last)}"));
        }
    }
}
