using System.Diagnostics;

namespace MidnightOS.Tests.Soak.Hosts;

/// <summary>One life of a host, in a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly HostLog _log;
    private readonly Task _reading;

    /// <param name="program">The assembly and its arguments.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="log">Where its output goes.</param>
    public HostProcess(IEnumerable<string> program, string folder, HostLog log)
    {
        _log = log;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };

        // A process that lives for seconds has no use for code that is watched in order to be made faster later.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
        Id = _process.Id;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    public int Id { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Whether it became ready; false when it ended or was silent for too long.</summary>
    public async Task<bool> WhenReadyAsync()
    {
        await Task.WhenAny(_ready.Task, Task.Delay(Patience));
        return _ready.Task is { IsCompletedSuccessfully: true, Result: true };
    }

    public Task TellAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Ends it with a signal and waits for its end.</summary>
    /// <returns>Whether it ended in time.</returns>
    public async Task<bool> EndAsync(int signal)
    {
        Posix.Send(Id, signal);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();

        // Children inherit nothing of these, but one that is about to end may hold the read up for a moment.
        await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(5)));
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        var entry = new HostLog.Entry();
        while (await reader.ReadLineAsync() is { } line)
        {
            _log.Add(Id, entry, line);
            if (line.StartsWith("Ready: ", StringComparison.Ordinal))
            {
                _ready.TrySetResult(true);
            }
        }

        if (ReferenceEquals(reader, _process.StandardOutput))
        {
            _ready.TrySetResult(false);
        }
    }
}
