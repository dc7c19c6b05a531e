using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Results;
using MidnightOS.Core.Telemetry;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Midnight.Ledger;

/// <summary>The ledger behind a bounded pool of processes.</summary>
/// <remarks>
/// A call waits in line and can be cancelled there. Once a process has it, it is carried through: it takes milliseconds, is bounded by a
/// time-out, and a half-sent request would cost the process. Every operation is pure, so a call whose process is lost is repeated once.
/// </remarks>
internal sealed class LedgerPool : ILedger, IAsyncDisposable
{
    private readonly LedgerOptions _options;
    private readonly LedgerWorkers _workers;
    private readonly LedgerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _places;
    private int _waiting;

    public LedgerPool(
        IOptions<LedgerOptions> options, LedgerWorkers workers, LedgerMetrics metrics, TimeProvider time, ILogger<LedgerPool> logger)
    {
        _options = options.Value;
        _workers = workers;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _places = new SemaphoreSlim(_options.Size);
    }

    public async Task<WalletKeys> DeriveAsync(IWalletSecret secret, NetworkId network, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(new LedgerCall(new LedgerRequest("derive") { Network = network.Name }, default, secret), cancellationToken);
        if (!TryRead(answer, out var result, out var error))
        {
            throw new InvalidOperationException($"The ledger derives no keys: {error.Message}");
        }

        var unshielded = result.Unshielded.Deserialize(LedgerJson.Default.LedgerAddress)!;
        return new WalletKeys(
            unshielded.Address, unshielded.AddressHex!, unshielded.PublicKey!, result.Shielded!.Address, result.Dust!.Address);
    }

    public async Task<Result<BoundTransaction>> BuildTransferAsync(IWalletSecret secret, TransferPlan plan, CancellationToken cancellationToken) =>
        await BoundAsync(new LedgerCall(LedgerRequest.Transfer(plan), default, secret), cancellationToken);

    public async Task<Result<BoundTransaction>> FinishAsync(BuiltTransaction built, CancellationToken cancellationToken) =>
        await BoundAsync(new LedgerCall(new LedgerRequest("finish"), built.Bytes, null), cancellationToken);

    private async Task<Result<BoundTransaction>> BoundAsync(LedgerCall call, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(call, cancellationToken);
        return TryRead(answer, out var result, out var error) ? new BoundTransaction(answer.Body, result.Hash!, result.Identifiers!) : error;
    }

    public async Task<Result<DecodedTransaction>> DecodeAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(new LedgerCall(new LedgerRequest("decode"), transaction, null), cancellationToken);
        if (!TryRead(answer, out var result, out var error))
        {
            return error;
        }

        var moves = result.Unshielded.Deserialize(LedgerJson.Default.LedgerMoves)!;
        DateTimeOffset? ttl = result.Ttl is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        return new DecodedTransaction(
            result.Hash!, result.Identifiers!, ttl, [.. moves.Inputs.Select(coin => coin.ToCoin())], [.. moves.Outputs.Select(coin => coin.ToPayment())]);
    }

    public async ValueTask DisposeAsync() => await _workers.DisposeAsync();

    /// <summary>Has a worker answer a call; whatever the ledger refuses is in the answer.</summary>
    internal async Task<NodeFrame<LedgerAnswer>> CallAsync(LedgerCall call, CancellationToken cancellationToken)
    {
        using var activity = LedgerMetrics.Activities.Within("ledger", call.Request.Op);
        await EnterAsync(cancellationToken);
        _metrics.Busy(1);
        try
        {
            return await AttemptAsync(call, isLast: false, cancellationToken) ?? await AttemptAsync(call, isLast: true, cancellationToken)
                ?? throw new InvalidOperationException("The last attempt gives an answer or throws.");
        }
        catch (NodeUnavailableException exception)
        {
            throw new LedgerUnavailableException(exception.Message, exception);
        }
        finally
        {
            _metrics.Busy(-1);
            _places.Release();
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > _options.QueueLength + _options.Size)
        {
            Interlocked.Decrement(ref _waiting);
            throw new LedgerUnavailableException("Too many calls wait for the ledger.");
        }

        var started = _time.GetTimestamp();
        _metrics.Waiting(1);
        try
        {
            await _places.WaitAsync(cancellationToken);
        }
        finally
        {
            _metrics.Waiting(-1);
            Interlocked.Decrement(ref _waiting);
        }

        _metrics.Waited(_time.GetElapsedTime(started));
    }

    /// <returns>The answer; null when the process was lost and another attempt is due.</returns>
    private async Task<NodeFrame<LedgerAnswer>?> AttemptAsync(LedgerCall call, bool isLast, CancellationToken cancellationToken)
    {
        LedgerWorker? worker = null;
        var outcome = "failed";
        var started = _time.GetTimestamp();
        try
        {
            worker = await _workers.TakeAsync(prefers: null, cancellationToken);
            started = _time.GetTimestamp();
            var answer = await worker.CallAsync(call, _options.CallTimeout);
            if (answer.Header.Error is { Code: LedgerErrors.Broken })
            {
                throw new WorkerLostException(answer.Header.Error.Message);
            }

            outcome = answer.Header.Error?.Code ?? "ok";
            if (outcome != LedgerErrors.Trapped)
            {
                _workers.Return(worker);
                worker = null;
            }

            return answer;
        }
        catch (WorkerLostException exception)
        {
            outcome = "lost";
            LedgerLog.Lost(_logger, exception, worker?.Id ?? 0, call.Request.Op);
            return isLast ? throw new LedgerUnavailableException("The ledger's processes are lost one after the other.", exception) : null;
        }
        catch (TimeoutException exception)
        {
            outcome = "timeout";
            LedgerLog.TimedOut(_logger, worker?.Id ?? 0, call.Request.Op);
            throw new LedgerUnavailableException(exception.Message, exception);
        }
        finally
        {
            // Not returned: whatever happened left it in the middle of a frame, or it ends.
            if (worker is not null)
            {
                _workers.Discard(worker, outcome == LedgerErrors.Trapped ? "trapped" : outcome);
            }

            _metrics.Called(call.Request.Op, outcome, _time.GetElapsedTime(started));
        }
    }

    internal static bool TryRead(NodeFrame<LedgerAnswer> answer, [NotNullWhen(true)] out LedgerResult? result, [NotNullWhen(false)] out Error? error)
    {
        result = answer.Header.Ok ? answer.Header.Result : null;
        error = result is null ? LedgerErrors.From(answer.Header.Error) : null;
        return result is not null;
    }
}
