using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MidnightOS.Midnight.Ledger;

/// <summary>What the pool measures (meter <c>MidnightOS.Midnight.Ledger</c>).</summary>
internal sealed class LedgerMetrics
{
    public const string Name = "MidnightOS.Midnight.Ledger";

    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _ends;
    private readonly UpDownCounter<long> _workers;

    public LedgerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _calls = meter.CreateCounter<long>("midnight.ledger.calls", "{call}", "Calls to ledger processes, by operation and outcome.");
        _duration = meter.CreateHistogram<double>("midnight.ledger.call.duration", "s", "How long calls took, without the wait for a process.");
        _wait = meter.CreateHistogram<double>("midnight.ledger.call.wait", "s", "How long calls waited for a process.");
        _ends = meter.CreateCounter<long>("midnight.ledger.worker.ends", "{process}", "Ledger processes that ended, by reason.");
        _workers = meter.CreateUpDownCounter<long>("midnight.ledger.workers", "{process}", "Ledger processes that run.");
    }

    public void Called(string operation, string outcome, TimeSpan elapsed)
    {
        var tags = new TagList { { "operation", operation }, { "outcome", outcome } };
        _calls.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
    }

    public void Waited(TimeSpan elapsed) => _wait.Record(elapsed.TotalSeconds);

    public void Started() => _workers.Add(1);

    public void Ended(string reason)
    {
        _workers.Add(-1);
        _ends.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }
}
