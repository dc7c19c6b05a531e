using System.Diagnostics.Metrics;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Maintenance;

/// <summary>Reads from time to time how much work waits, for the meter <c>MidnightOS.Queues</c>. Every host shows the same figures: they are the stores'.</summary>
internal sealed class MeasureQueues(IQueueDepths depths, TimeProvider time) : IBackgroundWork
{
    private static readonly string[] DueQueues = [OpenWork.Queue, Wallet.SyncQueue, "wallet-erase"];

    private static readonly Meter Meter = new("MidnightOS.Queues");

    private static readonly Gauge<long> Depth = Meter.CreateGauge<long>("midnight.queue.depth", "{item}", "Work that waits: outbox records, flows that no host has taken, due markers.");
    private static readonly Gauge<double> Age = Meter.CreateGauge<double>("midnight.queue.age", "s", "How long the first of it has waited.");
    private static readonly Gauge<long> Running = Meter.CreateGauge<long>("midnight.flows.running", "{flow}", "Flows that have not ended, on all hosts.");

    private readonly HashSet<string> _flows = new(StringComparer.Ordinal);

    public string Name => "measure-queues";

    public TimeSpan Interval => TimeSpan.FromSeconds(5);

    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        if (!Depth.Enabled && !Running.Enabled)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var found = await depths.ReadAsync(DueQueues, now, cancellationToken);
        foreach (var queue in found.Queues)
        {
            var name = new KeyValuePair<string, object?>("queue", queue.Queue);
            Depth.Record(queue.Depth, name);
            Age.Record(queue.Oldest is { } oldest && oldest < now ? (now - oldest).TotalSeconds : 0, name);
        }

        // A flow of which none runs any more shows 0, not its last figure for ever.
        _flows.UnionWith(found.RunningFlows.Keys);
        foreach (var flow in _flows)
        {
            Running.Record(found.RunningFlows.GetValueOrDefault(flow), new KeyValuePair<string, object?>("flow", flow));
        }

        return false;
    }
}
