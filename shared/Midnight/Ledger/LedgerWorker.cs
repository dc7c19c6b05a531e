using System.Text.Json;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Midnight.Ledger;

/// <summary>A call to a worker: the header, and the body or the secret that writes it.</summary>
internal readonly record struct LedgerCall(LedgerRequest Request, ReadOnlyMemory<byte> Body, IWalletSecret? Secret);

/// <summary>One ledger process; one call at a time.</summary>
internal sealed class LedgerWorker : IPooledWorker
{
    private static readonly string Script = Path.Combine("ledger", "src", "main.js");

    private readonly NodeWorker<LedgerAnswer> _worker;
    private readonly TimeProvider _time;
    private long _lastId;

    private LedgerWorker(NodeWorker<LedgerAnswer> worker, TimeProvider time)
    {
        _worker = worker;
        _time = time;
        StartedAt = LastUsedAt = time.GetTimestamp();
    }

    public int Id => _worker.Id;

    public long StartedAt { get; }

    public long LastUsedAt { get; private set; }

    /// <summary>How many calls it has answered.</summary>
    public int Operations { get; private set; }

    /// <summary>Resident memory after the last call, in bytes.</summary>
    public long Memory { get; private set; }

    /// <summary>Whether a seed has been inside.</summary>
    public bool HasSeenSecret { get; private set; }

    public bool HasExited => _worker.HasExited;

    /// <summary>Starts a process and waits until it says that it is ready.</summary>
    /// <exception cref="WorkerLostException">It ended or stayed silent.</exception>
    public static async Task<LedgerWorker> StartAsync(NodePaths paths, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        var program = new NodeProgram<LedgerAnswer>("ledger process", Script, LedgerJson.Default.LedgerAnswer, static header => header.Event == "ready")
        {
            Said = (process, line) => LedgerLog.WorkerSaid(logger, process, line),
        };
        return new LedgerWorker(await NodeWorker<LedgerAnswer>.StartAsync(paths, program, timeout, time), time);
    }

    /// <summary>Sends one request and waits for its answer.</summary>
    /// <exception cref="WorkerLostException">The worker is lost.</exception>
    /// <exception cref="TimeoutException">It did not answer in time and was killed.</exception>
    public async Task<NodeFrame<LedgerAnswer>> CallAsync(LedgerCall call, TimeSpan timeout)
    {
        HasSeenSecret |= call.Secret is not null;
        var request = call.Request with { Id = ++_lastId };
        var answer = await _worker.ExchangeAsync((frames, token) => WriteAsync(frames, request, call, token), timeout, CancellationToken.None);
        if (answer.Header.Id != request.Id)
        {
            throw new WorkerLostException("A ledger process answered another request.");
        }

        Operations++;
        Memory = answer.Header.Rss;
        LastUsedAt = _time.GetTimestamp();
        return answer;
    }

    public void Kill() => _worker.Kill();

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    /// <summary>Seeds pass by: the secret writes its own bytes behind the header.</summary>
    private static Task WriteAsync(NodeFrames<LedgerAnswer> frames, LedgerRequest request, LedgerCall call, CancellationToken cancellationToken)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(request, LedgerJson.Default.LedgerRequest);
        return call.Secret is { } secret
            ? frames.WriteAsync(header, secret.Length, secret.WriteToAsync, cancellationToken)
            : frames.WriteAsync(header, [call.Body], cancellationToken);
    }
}
