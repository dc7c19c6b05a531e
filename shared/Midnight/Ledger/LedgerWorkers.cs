using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Midnight.Ledger;

/// <summary>The processes of the ledger's pool.</summary>
internal sealed class LedgerWorkers(
    IOptions<LedgerOptions> options, INodeWorkspace workspace, LedgerMetrics metrics, TimeProvider time, ILogger<LedgerWorkers> logger)
    : WorkerPool<LedgerWorker>(options.Value.Size, options.Value.IdleTimeout, time)
{
    private readonly LedgerOptions _options = options.Value;
    private readonly TimeProvider _time = time;

    protected override async Task<LedgerWorker> LaunchAsync(CancellationToken cancellationToken)
    {
        var paths = await workspace.PrepareAsync(PackageSet.Product, progress: null, cancellationToken);
        return await LedgerWorker.StartAsync(paths, _options.StartTimeout, _time, logger);
    }

    protected override string? Wear(LedgerWorker worker) => worker switch
    {
        { Operations: var operations } when operations >= _options.MaxOperations => "operations",
        { Memory: var memory } when memory > _options.MaxMemoryBytes => "memory",
        { HasSeenSecret: true } when _time.GetElapsedTime(worker.StartedAt) >= _options.MaxAge => "age",
        _ => null,
    };

    protected override void Started(LedgerWorker worker, TimeSpan elapsed)
    {
        metrics.Started();
        LedgerLog.Started(logger, worker.Id, elapsed);
    }

    protected override void Ended(LedgerWorker worker, string reason)
    {
        metrics.Ended(reason);
        LedgerLog.Ended(logger, worker.Id, worker.Operations, reason);
    }

    protected override void NotWarm(Exception exception) => LedgerLog.NotWarm(logger, exception);

    protected override Exception Closed() => new LedgerUnavailableException("The ledger's processes are closed.");
}
