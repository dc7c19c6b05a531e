using System.Diagnostics;
using System.Diagnostics.Metrics;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Midnight.Node;

/// <summary>What every pool of Node processes measures.</summary>
internal abstract class WorkerMetrics
{
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _starts;
    private readonly Counter<long> _ends;
    private readonly UpDownCounter<long> _workers;
    private readonly UpDownCounter<long> _busy;

    /// <param name="meter">The pool's meter.</param>
    /// <param name="prefix">What the names of its instruments begin with.</param>
    /// <param name="kind">The kind of its processes: <c>ledger</c>.</param>
    /// <param name="limit">How many processes there may be.</param>
    protected WorkerMetrics(Meter meter, string prefix, string kind, int limit)
    {
        _calls = meter.CreateCounter<long>($"{prefix}.calls", "{call}", $"Calls to {kind} processes, by operation and outcome.");
        _duration = meter.CreateDuration($"{prefix}.call.duration", "How long calls took, without the wait for a process or a file.");
        _wait = meter.CreateDuration($"{prefix}.call.wait", "How long calls waited for a process.");
        _starts = meter.CreateCounter<long>($"{prefix}.worker.starts", "{process}", $"The {kind} processes that were started, the first ones and those that replace others.");
        _ends = meter.CreateCounter<long>($"{prefix}.worker.ends", "{process}", $"The {kind} processes that ended, by reason.");
        _workers = meter.CreateUpDownCounter<long>($"{prefix}.workers", "{process}", $"The {kind} processes that run.");
        _busy = meter.CreateUpDownCounter<long>($"{prefix}.workers.busy", "{call}", $"Calls that have a {kind} process, or the right to one.");
        meter.CreateObservableGauge($"{prefix}.workers.limit", () => (long)limit, "{process}", $"How many {kind} processes may run.");
    }

    public void Waited(TimeSpan elapsed) => _wait.Record(elapsed.TotalSeconds);

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

    /// <param name="operation">The operation.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="more">A further tag of the duration.</param>
    protected void Called(string operation, string outcome, TimeSpan elapsed, KeyValuePair<string, object?>? more)
    {
        var tags = new TagList { { "operation", operation }, { "outcome", outcome } };
        _calls.Add(1, tags);
        if (more is { } tag)
        {
            tags.Add(tag);
        }

        _duration.Record(elapsed.TotalSeconds, tags);
    }
}
