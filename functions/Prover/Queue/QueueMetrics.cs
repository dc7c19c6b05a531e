using System.Diagnostics;
using System.Diagnostics.Metrics;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Prover.Queue;

/// <summary>Meter <c>MidnightOS.Prover.Queue</c>. No tag names a tenant or a job.</summary>
internal sealed class QueueMetrics
{
    private static readonly Meter Meter = new("MidnightOS.Prover.Queue");
    private static readonly Histogram<double> Wait = Meter.CreateDuration("midnight.prover.queue.wait", "From a proof's place in the line to its turn.");

    private int _watched;

    /// <summary>Shows how full the queue is.</summary>
    public void Watch(IProofQueue queue)
    {
        if (Interlocked.Exchange(ref _watched, 1) == 1)
        {
            return;
        }

        Meter.CreateObservableGauge("midnight.prover.queue.pending", () => queue.State.Pending, "{proof}", "Proofs that wait.");
        Meter.CreateObservableGauge("midnight.prover.queue.processing", () => queue.State.Processing, "{proof}", "Proofs that are worked on.");
    }

    /// <summary>A task's turn has come.</summary>
    public static void Began(ProofTask task) => Wait.Record(Stopwatch.GetElapsedTime(task.AddedAt).TotalSeconds);
}
