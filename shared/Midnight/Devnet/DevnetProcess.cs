using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Midnight.Devnet;

/// <summary>The devnet did not start. The message is one sentence for whoever started the host.</summary>
public sealed class DevnetUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The local Midnight chain of this host.</summary>
public interface IDevnet
{
    /// <summary>Waits until the devnet answers; after a crash until it answers again.</summary>
    /// <exception cref="DevnetUnavailableException">Its first start failed.</exception>
    Task<DevnetReady> WhenReadyAsync(CancellationToken cancellationToken);
}

/// <summary>Runs the devnet as a child: starts it, restarts it on the same ports when it dies, and takes it along when the host ends.</summary>
internal sealed class DevnetProcess(
    IOptions<DevnetOptions> options, INodeWorkspace workspace, TimeProvider time, ILogger<DevnetProcess> logger) : IDevnet, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<DevnetReady> _ready = NewReady();
    private Task? _supervision;
    private int _indexerPort = options.Value.IndexerPort;
    private int _nodePort = options.Value.NodePort;
    private string? _lastLine;
    private bool _wasReady;

    /// <summary>Starts the devnet once and waits until it answers.</summary>
    /// <exception cref="DevnetUnavailableException">It does not start.</exception>
    /// <exception cref="NodeUnavailableException">There is no Node.js to start it with.</exception>
    public async Task<DevnetReady> StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _supervision ??= SuperviseAsync();
        }

        return await WhenReadyAsync(cancellationToken);
    }

    public Task<DevnetReady> WhenReadyAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _ready.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task? supervision;
        lock (_gate)
        {
            supervision = _supervision;
        }

        // The source itself is left to the collector: a container that knows this under two types disposes twice.
        await (supervision ?? Task.CompletedTask);
    }

    private async Task SuperviseAsync()
    {
        // The caller holds the lock until the first await gives it back.
        await Task.Yield();
        var pause = FirstPause;
        for (var isFirst = true; !_stop.IsCancellationRequested; isFirst = false)
        {
            var started = time.GetTimestamp();
            var failure = await RunOnceAsync();
            if (_stop.IsCancellationRequested)
            {
                break;
            }

            if (isFirst && failure is not null)
            {
                Fail(failure);
                return;
            }

            pause = time.GetElapsedTime(started) > Stable ? FirstPause : pause;
            DevnetLog.Restarting(logger, failure, pause);
            await PauseAsync(pause);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        Fail(new DevnetUnavailableException("The devnet was stopped."));
    }

    /// <summary>Runs one process from its start to its end.</summary>
    /// <returns>Why it never became ready; null when it did.</returns>
    private async Task<Exception?> RunOnceAsync()
    {
        Process process;
        try
        {
            process = await LaunchAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (exception is NodeUnavailableException or System.ComponentModel.Win32Exception)
        {
            return exception;
        }

        var logs = ForwardLogsAsync(process);
        try
        {
            if (await ReadReadyAsync(process) is not { } ready)
            {
                await EndAsync(process, logs);
                return new DevnetUnavailableException(Reason());
            }

            Announce(ready);
            await WaitForEndAsync(process);
            Withdraw();
            await EndAsync(process, logs);
            return null;
        }
        finally
        {
            process.Dispose();
        }
    }

    private string Reason()
    {
        var said = _lastLine is null ? "it gave no reason" : DevnetLog.MessageOf(_lastLine);
        return said.Contains("EADDRINUSE", StringComparison.Ordinal)
            ? $"The devnet did not start: another program, perhaps a second host, listens there already ({said}). Choose other ports with --Devnet:IndexerPort and --Devnet:NodePort, 0 for free ones."
            : $"The devnet did not start: {said}";
    }

    private async Task<Process> LaunchAsync()
    {
        var paths = await workspace.PrepareAsync(PackageSet.Product, progress: null, _stop.Token);
        var settings = options.Value;
        List<string> arguments =
        [
            "--no-warnings", Path.Combine(paths.Packages, "devnet", "src", "main.js"),
            "--indexer-port", _indexerPort.ToString(CultureInfo.InvariantCulture),
            "--node-port", _nodePort.ToString(CultureInfo.InvariantCulture),
            "--block-time", settings.BlockTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) + "ms",
            "--fees", settings.Fees,
            "--exit-with-stdin",
        ];
        if (settings.Folder.Length > 0)
        {
            arguments.AddRange(["--data", Path.GetFullPath(settings.Folder)]);
        }

        return ChildProcess.Start(paths.Node, arguments, ChildProcess.MinimalEnvironment());
    }

    private async Task<DevnetReady?> ReadReadyAsync(Process process)
    {
        using var limit = new CancellationTokenSource(options.Value.StartTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        await using var kill = both.Token.UnsafeRegister(static state => ChildProcess.Kill((Process)state!), process);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (DevnetReady.Parse(line) is { } ready)
            {
                return ready;
            }
        }

        return null;
    }

    private async Task WaitForEndAsync(Process process)
    {
        try
        {
            await process.WaitForExitAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The host ends: the caller ends the process in good order.
        }
    }

    private async Task EndAsync(Process process, Task logs)
    {
        await ChildProcess.EndAsync(process, Patience, time);
        await logs;
        DevnetLog.Ended(logger, process.Id, process.ExitCode);
    }

    private async Task ForwardLogsAsync(Process process)
    {
        while (await process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            _lastLine = line;

            // Before it was ever ready its last words are the reason that stops the start, and said there.
            if (Volatile.Read(ref _wasReady))
            {
                DevnetLog.Forward(logger, line);
            }
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private void Announce(DevnetReady ready)
    {
        // Clients have the ports by now: a restart must come back on them, also when they were free ones at first.
        Volatile.Write(ref _wasReady, true);
        _indexerPort = ready.Indexer.Port;
        _nodePort = ready.Node.Port;
        DevnetLog.Ready(logger, ready.Pid, ready.Indexer, ready.Node, ready.Height);
        lock (_gate)
        {
            _ready.TrySetResult(ready);
        }
    }

    private void Withdraw()
    {
        lock (_gate)
        {
            _ready = NewReady();
        }
    }

    private void Fail(Exception exception)
    {
        lock (_gate)
        {
            if (_ready.Task.IsCompleted)
            {
                _ready = NewReady();
            }

            _ready.TrySetException(exception);

            // Nobody may be waiting: without this the exception would surface in the finalizer.
            _ = _ready.Task.Exception;
        }
    }

    private static TaskCompletionSource<DevnetReady> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
