using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Prover.Proving.Processes;

/// <summary>What the pool measures (meter and activity source <c>MidnightOS.Prover.Proving</c>).</summary>
internal sealed class ProvingMetrics
{
    public const string Name = "MidnightOS.Prover.Proving";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _keys;
    private readonly Counter<long> _starts;
    private readonly Counter<long> _ends;
    private readonly UpDownCounter<long> _workers;
    private readonly UpDownCounter<long> _busy;

    public ProvingMetrics(IMeterFactory meters, IOptions<ProverPoolOptions> options)
    {
        var meter = meters.Create(Name);
        _calls = meter.CreateCounter<long>("midnight.prover.calls", "{call}", "Calls to proving processes, by operation and outcome.");
        _duration = meter.CreateDuration("midnight.prover.call.duration", "How long calls took, without the wait for a process or a file.");
        _wait = meter.CreateDuration("midnight.prover.call.wait", "How long calls waited for a process.");
        _keys = meter.CreateCounter<long>("midnight.prover.keys.passed", "{key}", "Key materials that were passed to a process that did not have them.");
        _starts = meter.CreateCounter<long>("midnight.prover.worker.starts", "{process}", "Proving processes that were started, the first ones and those that replace others.");
        _ends = meter.CreateCounter<long>("midnight.prover.worker.ends", "{process}", "Proving processes that ended, by reason.");
        _workers = meter.CreateUpDownCounter<long>("midnight.prover.workers", "{process}", "Proving processes that run.");
        _busy = meter.CreateUpDownCounter<long>("midnight.prover.workers.busy", "{call}", "Calls that have a proving process.");
        meter.CreateObservableGauge("midnight.prover.workers.limit", () => (long)options.Value.Size, "{process}", "How many proving processes may run.");
    }

    public void Called(string operation, string outcome, int? k, TimeSpan elapsed)
    {
        var tags = new TagList { { "operation", operation }, { "outcome", outcome } };
        _calls.Add(1, tags);
        tags.Add("k", k?.ToString() ?? "");
        _duration.Record(elapsed.TotalSeconds, tags);
    }

    public void Waited(TimeSpan elapsed) => _wait.Record(elapsed.TotalSeconds);

    public void KeysPassed() => _keys.Add(1);

    public void Busy(int change) => _busy.Add(change);

    public void Started()
    {
        _workers.Add(1);
        _starts.Add(1);
    }

    public void Ended(string reason)
    {
        _workers.Add(-1);
        _ends.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }
}
