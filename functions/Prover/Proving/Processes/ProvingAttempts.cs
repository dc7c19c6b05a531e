using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Proofs;
using MidnightOS.Midnight.Node;
using MidnightOS.Prover.Proving.Parameters;

namespace MidnightOS.Prover.Proving.Processes;

/// <summary>What came of a call: an answer, or what the process lacked.</summary>
internal readonly record struct ProvingOutcome(ProverAnswer? Answer, ProvingError? Lacking, TimeSpan Worked);

/// <summary>Has a process do a call; one that dies, hangs or breaks is replaced and the call tried once more.</summary>
internal sealed class ProvingAttempts(
    IOptions<ProverPoolOptions> options, ProvingWorkers workers, IParameters parameters, ProvingMetrics metrics, TimeProvider time, ILogger<ProvingAttempts> logger)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.Size);

    public async Task<ProvingOutcome> RunAsync(ProvingCall call, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await _places.WaitAsync(cancellationToken);
        metrics.Waited(time.GetElapsedTime(started));
        metrics.Busy(1);
        try
        {
            var first = await AttemptAsync(call, fresh: false, cancellationToken);
            if (!first.Again)
            {
                return first.Outcome;
            }

            var second = await AttemptAsync(call, fresh: true, cancellationToken);
            return second.Outcome with { Worked = first.Outcome.Worked + second.Outcome.Worked };
        }
        catch (NodeUnavailableException exception)
        {
            return new ProvingOutcome(ProverAnswer.Failed(ProofFailureKind.Internal, exception.Message), null, default);
        }
        finally
        {
            metrics.Busy(-1);
            _places.Release();
        }
    }

    /// <summary>Ends the processes first: what waits for them or for a place gets its answer.</summary>
    public ValueTask DisposeAsync() => workers.DisposeAsync();

    /// <summary>One attempt; on a process that has done nothing yet when <paramref name="fresh"/>: what went wrong before cannot be its past then.</summary>
    private async Task<(ProvingOutcome Outcome, bool Again)> AttemptAsync(ProvingCall call, bool fresh, CancellationToken cancellationToken)
    {
        ProvingWorker? worker = null;
        var outcome = "cancelled";
        int? k = null;
        var started = time.GetTimestamp();
        try
        {
            worker = await TakeAsync(call, fresh, cancellationToken);
            started = time.GetTimestamp();
            var answer = await CallAsync(worker, call, cancellationToken);
            (outcome, k) = (answer.Header.Error?.Code ?? "ok", answer.Header.Result?.K ?? answer.Header.Error?.K);
            if (outcome == ProvingError.Trapped)
            {
                ProvingLog.Trapped(logger, worker.Id, call.Request.Op);
                return (Failed(ProofFailureKind.BadInput, "The prover stopped at this request: its keys, circuit or witness are malformed.", started), worker.Operations > 1 && !fresh);
            }

            var read = Read(answer, started);
            workers.Return(worker);
            worker = null;
            return (read, false);
        }
        catch (WorkerLostException exception)
        {
            outcome = "lost";
            ProvingLog.Lost(logger, exception, worker?.Id ?? 0, call.Request.Op);
            return (Failed(ProofFailureKind.Internal, "The processes that prove were lost one after the other.", started), !fresh);
        }
        catch (TimeoutException)
        {
            outcome = "timeout";
            ProvingLog.TimedOut(logger, worker?.Id ?? 0, call.Request.Op);
            return (Failed(ProofFailureKind.TimedOut, $"It was not done within {call.Timeout}.", started), !fresh);
        }
        finally
        {
            // Not returned: whatever happened left it in the middle of a frame, or broken.
            if (worker is not null)
            {
                workers.Discard(worker, outcome.ToLowerInvariant());
            }

            metrics.Called(call.Request.Op, outcome.ToLowerInvariant(), k, time.GetElapsedTime(started));
        }
    }

    private async Task<ProvingWorker> TakeAsync(ProvingCall call, bool fresh, CancellationToken cancellationToken)
    {
        while (true)
        {
            var worker = await workers.TakeAsync(candidate => fresh ? candidate.Operations == 0 : call.Keys.Values.Any(keys => candidate.Holds(keys.Hash)), cancellationToken);
            if (!fresh || worker.Operations == 0)
            {
                workers.KeepWarm();
                return worker;
            }

            workers.Discard(worker, "renewed");
        }
    }

    private async Task<NodeFrame<ProvingAnswer>> CallAsync(ProvingWorker worker, ProvingCall call, CancellationToken cancellationToken)
    {
        var hashes = call.Keys.Values.Select(keys => keys.Hash).ToList();
        foreach (var keys in call.Keys.Values)
        {
            if (await worker.HoldAsync(keys, hashes, options.Value.CheckTimeout, cancellationToken))
            {
                metrics.KeysPassed();
            }
        }

        return await worker.CallAsync(call.Header(parameters), call.Body, call.Timeout, cancellationToken);
    }

    private ProvingOutcome Read(NodeFrame<ProvingAnswer> answer, long started)
    {
        var worked = time.GetElapsedTime(started);
        return answer.Header switch
        {
            { Ok: true, Result: { } result } => new ProvingOutcome(new ProverAnswer { Content = answer.Body, K = result.K }, null, worked),
            { Error: { Code: ProvingError.BadInput } error } => new ProvingOutcome(ProverAnswer.Failed(ProofFailureKind.BadInput, error.Message), null, worked),
            { Error: { Code: ProvingError.MissingKeys or ProvingError.MissingParameters or ProvingError.DamagedParameters } error } => new ProvingOutcome(null, error, worked),
            { Error: var error } => throw new WorkerLostException($"A proving process answered {error?.Code}: {error?.Message}"),
        };
    }

    private ProvingOutcome Failed(ProofFailureKind kind, string reason, long started) => new(ProverAnswer.Failed(kind, reason), null, time.GetElapsedTime(started));
}
