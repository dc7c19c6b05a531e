using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Midnight.Ledger;

/// <summary>A call to a worker: the header, and the body or the secret that writes it.</summary>
internal readonly record struct LedgerCall(LedgerRequest Request, ReadOnlyMemory<byte> Body, IWalletSecret? Secret);

/// <summary>The worker ended, broke or spoke nonsense. Another one can answer the same call.</summary>
internal sealed class LedgerWorkerLostException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One ledger process; one call at a time.</summary>
internal sealed class LedgerWorker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly LedgerFrames _frames;
    private readonly TimeProvider _time;
    private readonly Task _errors;
    private long _lastId;

    private LedgerWorker(Process process, TimeProvider time, ILogger logger)
    {
        _process = process;
        _time = time;
        _frames = new LedgerFrames(process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        Id = process.Id;
        StartedAt = LastUsedAt = time.GetTimestamp();
        _errors = ForwardErrorsAsync(process, logger);
    }

    /// <summary>The process id.</summary>
    public int Id { get; }

    public long StartedAt { get; }

    public long LastUsedAt { get; private set; }

    /// <summary>How many calls it has answered.</summary>
    public int Operations { get; private set; }

    /// <summary>Resident memory after the last call, in bytes.</summary>
    public long Memory { get; private set; }

    /// <summary>Whether a seed has been inside.</summary>
    public bool HasSeenSecret { get; private set; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a process and waits until it says that it is ready.</summary>
    /// <exception cref="LedgerWorkerLostException">It ended or stayed silent.</exception>
    public static async Task<LedgerWorker> StartAsync(NodePaths paths, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        var worker = new LedgerWorker(Launch(paths), time, logger);
        try
        {
            var ready = await worker.WithinAsync(timeout, worker._frames.ReadAsync);
            return ready.Header.Event == "ready" ? worker : throw new InvalidDataException("A ledger worker did not say that it is ready.");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or TimeoutException)
        {
            worker.Kill();
            await worker.DisposeAsync();
            throw new LedgerWorkerLostException($"A ledger process did not start: {exception.Message}", exception);
        }
    }

    /// <summary>Sends one request and waits for its answer.</summary>
    /// <exception cref="LedgerWorkerLostException">The worker is lost.</exception>
    /// <exception cref="TimeoutException">It did not answer in time and was killed.</exception>
    public async Task<LedgerFrame> CallAsync(LedgerCall call, TimeSpan timeout)
    {
        HasSeenSecret |= call.Secret is not null;
        try
        {
            var answer = await WithinAsync(timeout, token => ExchangeAsync(call, token));
            Operations++;
            Memory = answer.Header.Rss;
            LastUsedAt = _time.GetTimestamp();
            return answer;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new LedgerWorkerLostException($"A ledger process was lost: {exception.Message}", exception);
        }
    }

    public void Kill() => ChildProcess.Kill(_process);

    /// <summary>Returns when the process is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await ChildProcess.EndAsync(_process, Patience, _time);
        await _errors;
        _process.Dispose();
    }

    private async Task<LedgerFrame> ExchangeAsync(LedgerCall call, CancellationToken cancellationToken)
    {
        var request = call.Request with { Id = ++_lastId };
        await (call.Secret is { } secret
            ? _frames.WriteAsync(request, secret, cancellationToken)
            : _frames.WriteAsync(request, call.Body, cancellationToken));
        var answer = await _frames.ReadAsync(cancellationToken);
        return answer.Header.Id == request.Id ? answer : throw new InvalidDataException("A ledger worker answered another request.");
    }

    /// <summary>Kills the process when the time is up: its pipes break then, which ends the wait whatever it waits for.</summary>
    private async Task<LedgerFrame> WithinAsync(TimeSpan timeout, Func<CancellationToken, Task<LedgerFrame>> work)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        await using var kill = limit.Token.UnsafeRegister(static state => ((LedgerWorker)state!).Kill(), this);
        try
        {
            return await work(limit.Token);
        }
        catch (Exception exception) when (limit.IsCancellationRequested && exception is IOException or OperationCanceledException)
        {
            throw new TimeoutException($"A ledger process did not answer within {timeout}.", exception);
        }
    }

    private static Process Launch(NodePaths paths)
    {
        var main = Path.Combine(paths.Packages, "ledger", "src", "main.js");
        try
        {
            return ChildProcess.Start(paths.Node, ["--no-warnings", main], ChildProcess.MinimalEnvironment());
        }
        catch (Win32Exception exception)
        {
            throw new LedgerWorkerLostException($"A ledger process could not be started: {exception.Message}", exception);
        }
    }

    private static async Task ForwardErrorsAsync(Process process, ILogger logger)
    {
        var id = process.Id;
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            LedgerLog.WorkerSaid(logger, id, line);
        }
    }
}
