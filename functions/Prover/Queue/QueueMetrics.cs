using System.Diagnostics.Metrics;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Prover.Queue;

/// <summary>Meter <c>MidnightOS.Prover.Queue</c>. No tag names a tenant or a job.</summary>
internal sealed class QueueMetrics
{
    private readonly Meter _meter;
    private readonly Histogram<double> _wait;
    private readonly TimeProvider _time;

    public QueueMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create("MidnightOS.Prover.Queue");
        _wait = _meter.CreateDuration("midnight.prover.queue.wait", "From a proof's place in the line to its turn.");
    }

    /// <summary>Shows how full the queue is; asked once, by the queue itself.</summary>
    public void Show(Func<QueueState> state)
    {
        _meter.CreateObservableGauge("midnight.prover.queue.pending", () => state().Pending, "{proof}", "Proofs that wait.");
        _meter.CreateObservableGauge("midnight.prover.queue.processing", () => state().Processing, "{proof}", "Proofs that are worked on.");
    }

    /// <summary>A task's turn has come.</summary>
    /// <param name="addedAt">When it got its place (<see cref="TimeProvider.GetTimestamp"/>).</param>
    public void Waited(long addedAt) => _wait.Record(_time.GetElapsedTime(addedAt).TotalSeconds);
}
