using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Prover.Proving.Processes;

/// <summary>The proving processes.</summary>
internal sealed class ProvingWorkers(
    IOptions<ProverPoolOptions> options, INodeWorkspace workspace, ProvingMetrics metrics, TimeProvider time, ILogger<ProvingWorkers> logger)
    : WorkerPool<ProvingWorker>(options.Value.Size, options.Value.IdleTimeout, time)
{
    private readonly ProverPoolOptions _options = options.Value;
    private readonly TimeProvider _time = time;

    protected override async Task<ProvingWorker> LaunchAsync(CancellationToken cancellationToken)
    {
        var paths = await workspace.PrepareAsync(PackageSet.Product, progress: null, cancellationToken);
        return await ProvingWorker.StartAsync(paths, _options, _time, logger);
    }

    protected override string? Wear(ProvingWorker worker) => worker switch
    {
        { Operations: var operations } when operations >= _options.MaxOperations => "operations",
        { Memory: var memory } when memory > _options.MaxMemoryBytes => "memory",
        _ => null,
    };

    protected override void Started(ProvingWorker worker, TimeSpan elapsed)
    {
        metrics.Started();
        ProvingLog.Started(logger, worker.Id, elapsed);
    }

    protected override void Ended(ProvingWorker worker, string reason)
    {
        metrics.Ended(reason);
        ProvingLog.Ended(logger, worker.Id, worker.Operations, reason);
    }

    protected override void NotWarm(Exception exception) => ProvingLog.NotWarm(logger, exception);

    protected override Exception Closed() => new ObjectDisposedException(nameof(ProvingWorkers), "The proving processes are closed.");
}
