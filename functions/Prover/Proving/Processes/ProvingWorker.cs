using System.Text.Json;
using Microsoft.Extensions.Logging;
using MidnightOS.Midnight.Node;
using MidnightOS.Prover.Protocol;

namespace MidnightOS.Prover.Proving.Processes;

/// <summary>One proving process; one call at a time. It knows which key material the process holds, so that each is passed once.</summary>
internal sealed class ProvingWorker : IPooledWorker
{
    // The largest body that may be allowed, and room for a header.
    private const int MaxFrame = 1280 * 1024 * 1024;

    private static readonly string Script = Path.Combine("prover", "src", "main.js");

    private readonly NodeWorker<ProvingAnswer> _worker;
    private readonly TimeProvider _time;
    private readonly long _maxKeyBytes;

    // Those used last stand last.
    private readonly List<(string Hash, long Length)> _held = [];
    private long _lastId;

    private ProvingWorker(NodeWorker<ProvingAnswer> worker, long maxKeyBytes, TimeProvider time)
    {
        _worker = worker;
        _maxKeyBytes = maxKeyBytes;
        _time = time;
        LastUsedAt = time.GetTimestamp();
    }

    public int Id => _worker.Id;

    public bool HasExited => _worker.HasExited;

    public long LastUsedAt { get; private set; }

    /// <summary>How many calls it has answered, those that pass keys not counted.</summary>
    public int Operations { get; private set; }

    /// <summary>Resident memory after the last call, in bytes.</summary>
    public long Memory { get; private set; }

    /// <summary>Starts a process and waits until it says that it is ready.</summary>
    /// <exception cref="WorkerLostException">It ended or stayed silent.</exception>
    public static async Task<ProvingWorker> StartAsync(NodePaths paths, ProverPoolOptions options, TimeProvider time, ILogger logger)
    {
        var program = new NodeProgram<ProvingAnswer>("proving process", Script, ProvingJson.Default.ProvingAnswer, static header => header.Event == "ready")
        {
            MaxFrame = MaxFrame,
            Said = (process, line) => ProvingLog.WorkerSaid(logger, process, line),
        };
        return new ProvingWorker(await NodeWorker<ProvingAnswer>.StartAsync(paths, program, options.StartTimeout, time), options.MaxKeyBytes, time);
    }

    /// <summary>Whether the process has the key material.</summary>
    public bool Holds(string hash) => _held.Exists(entry => entry.Hash == hash);

    /// <summary>Passes key material, unless the process has it, and has others dropped for it.</summary>
    /// <param name="keys">The material.</param>
    /// <param name="inUse">The hashes of what must stay.</param>
    /// <param name="timeout">The longest that it may take.</param>
    /// <param name="cancellationToken">Kills the process.</param>
    /// <returns>Whether it was passed now.</returns>
    public async Task<bool> HoldAsync(KeyMaterial keys, IReadOnlyCollection<string> inUse, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_held.FindIndex(entry => entry.Hash == keys.Hash) is var index and >= 0)
        {
            var entry = _held[index];
            _held.RemoveAt(index);
            _held.Add(entry);
            return false;
        }

        while (_held.Sum(entry => entry.Length) + keys.Length > _maxKeyBytes && _held.FindIndex(entry => !inUse.Contains(entry.Hash)) is var oldest and >= 0)
        {
            await MustAsync(new ProvingRequest("drop") { Hash = _held[oldest].Hash }, [], timeout, cancellationToken);
            _held.RemoveAt(oldest);
        }

        var request = new ProvingRequest("keys") { Hash = keys.Hash, ProverKey = keys.ProverKey.Length, VerifierKey = keys.VerifierKey.Length };
        await MustAsync(request, [keys.ProverKey, keys.VerifierKey, keys.Ir], timeout, cancellationToken);
        _held.Add((keys.Hash, keys.Length));
        return true;
    }

    /// <summary>Sends one request and waits for its answer.</summary>
    /// <exception cref="WorkerLostException">The worker is lost.</exception>
    /// <exception cref="TimeoutException">It did not answer in time and was killed.</exception>
    public async Task<NodeFrame<ProvingAnswer>> CallAsync(
        ProvingRequest request, ReadOnlyMemory<byte>[] body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await ExchangeAsync(request, body, timeout, cancellationToken);
        Operations++;
        return answer;
    }

    public void Kill() => _worker.Kill();

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private async Task MustAsync(ProvingRequest request, ReadOnlyMemory<byte>[] body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await ExchangeAsync(request, body, timeout, cancellationToken);
        if (!answer.Header.Ok)
        {
            throw new WorkerLostException($"A proving process refused {request.Op}: {answer.Header.Error?.Message}");
        }
    }

    private async Task<NodeFrame<ProvingAnswer>> ExchangeAsync(
        ProvingRequest request, ReadOnlyMemory<byte>[] body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var numbered = request with { Id = ++_lastId };
        var header = JsonSerializer.SerializeToUtf8Bytes(numbered, ProvingJson.Default.ProvingRequest);
        var answer = await _worker.ExchangeAsync((frames, token) => frames.WriteAsync(header, body, token), timeout, cancellationToken);
        if (answer.Header.Id != numbered.Id)
        {
            throw new WorkerLostException("A proving process answered another request.");
        }

        Memory = answer.Header.Rss;
        LastUsedAt = _time.GetTimestamp();
        return answer;
    }
}
