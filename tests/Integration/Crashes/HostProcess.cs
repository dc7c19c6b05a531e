using System.Collections.Concurrent;
using System.Diagnostics;
using MidnightOS.Tests.Integration.Ledger;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>A host in a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>What a process that SIGKILL ended gives.</summary>
    public const int Killed = 128 + 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource<Uri?> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly Task _reading;

    /// <summary>Starts the process; the host in it waits for <see cref="StartAsync"/>.</summary>
    public HostProcess(IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(CrashingHost).Assembly.Location, .. args])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A process that lives for a second has no use for code that is watched in order to be made faster later.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Where the started host listens.</summary>
    public Uri Address => _ready.Task is { IsCompletedSuccessfully: true, Result: { } address } ? address : throw new InvalidOperationException(Describe("It is not ready."));

    /// <summary>Where the started host's proof service listens.</summary>
    public Uri ProofServer => new(_said.Select(static line => line.Trim()).First(static line => line.StartsWith("Proof server ", StringComparison.Ordinal))["Proof server ".Length..]);

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts the host and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        await TellAsync("start");
        Assert.True(await _ready.Task.WaitAsync(Patience) is not null, Describe("The host ended before it was ready."));
    }

    /// <summary>Starts the host armed: it may die before it is ready.</summary>
    public async Task StartArmedAsync()
    {
        await ArmAsync();
        await TellAsync("start");
    }

    /// <summary>From now on the host dies at boundaries.</summary>
    public Task ArmAsync() => TellAsync("arm");

    /// <summary>Waits until the host has killed itself.</summary>
    /// <param name="before">What a failure adds: what happened before.</param>
    public async Task DiesAsync(string before = "")
    {
        Assert.True(await EndsAsync(), Describe($"The host did not die: it waits for something that does not come.{before}"));
        Assert.True(_process.ExitCode == Killed, Describe($"The host ended with {_process.ExitCode}.{before}"));
    }

    /// <summary>Ends the host in good order.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        Assert.True(await EndsAsync(), Describe("The host did not stop."));
        Assert.True(_process.ExitCode == 0, Describe($"The host stopped with {_process.ExitCode}."));
        Assert.True(!_said.Any(IsFailure), Describe("The host had failures to log."));
    }

    /// <summary>Makes the host stand still: it keeps its connections and believes what it knew. Each of its threads stands when this returns.</summary>
    public async Task HaltAsync()
    {
        await PoolUnderTest.SignalAsync(_process.Id, "STOP");
        while (!Directory.EnumerateDirectories($"/proc/{_process.Id}/task").All(IsStopped))
        {
            await Task.Yield();
        }
    }

    /// <summary>Lets a host go on that stood still.</summary>
    public Task GoOnAsync() => PoolUnderTest.SignalAsync(_process.Id, "CONT");

    /// <summary>Kills the host from outside, where it happens to be.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    // The state is the first word behind the name, which may have brackets in it itself.
    private static bool IsStopped(string thread)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)] == 'T';
        }
        catch (IOException)
        {
            // The thread has ended.
            return true;
        }
    }

    // How the console logger begins a record of these levels.
    private static bool IsFailure(string line) => line.StartsWith("fail: ", StringComparison.Ordinal) || line.StartsWith("crit: ", StringComparison.Ordinal);

    private async Task TellAsync(string word)
    {
        await _process.StandardInput.WriteLineAsync(word);
        await _process.StandardInput.FlushAsync();
    }

    private async Task<bool> EndsAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _reading;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _said.Enqueue(line);
            if (line.StartsWith("Ready: ", StringComparison.Ordinal))
            {
                _ready.TrySetResult(new Uri(line["Ready: ".Length..]));
            }
        }

        if (ReferenceEquals(reader, _process.StandardOutput))
        {
            _ready.TrySetResult(null);
        }
    }

    private string Describe(string problem) => $"{problem}\n{string.Join('\n', _said)}";
}
