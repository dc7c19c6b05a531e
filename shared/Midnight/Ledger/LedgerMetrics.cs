using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Midnight.Ledger;

/// <summary>What the pool measures (meter and activity source <c>MidnightOS.Midnight.Ledger</c>).</summary>
internal sealed class LedgerMetrics
{
    public const string Name = "MidnightOS.Midnight.Ledger";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _starts;
    private readonly Counter<long> _ends;
    private readonly UpDownCounter<long> _workers;
    private readonly UpDownCounter<long> _busy;
    private readonly UpDownCounter<long> _waiting;

    public LedgerMetrics(IMeterFactory meters, IOptions<LedgerOptions> options)
    {
        var meter = meters.Create(Name);
        _calls = meter.CreateCounter<long>("midnight.ledger.calls", "{call}", "Calls to ledger processes, by operation and outcome.");
        _duration = meter.CreateDuration("midnight.ledger.call.duration", "How long calls took, without the wait for a process.");
        _wait = meter.CreateDuration("midnight.ledger.call.wait", "How long calls waited for a process.");
        _starts = meter.CreateCounter<long>("midnight.ledger.worker.starts", "{process}", "Ledger processes that were started, the first ones and those that replace others.");
        _ends = meter.CreateCounter<long>("midnight.ledger.worker.ends", "{process}", "Ledger processes that ended, by reason.");
        _workers = meter.CreateUpDownCounter<long>("midnight.ledger.workers", "{process}", "Ledger processes that run.");
        _busy = meter.CreateUpDownCounter<long>("midnight.ledger.workers.busy", "{call}", "Calls that have a ledger process, or the right to one.");
        _waiting = meter.CreateUpDownCounter<long>("midnight.ledger.calls.waiting", "{call}", "Calls that wait for a ledger process.");
        meter.CreateObservableGauge("midnight.ledger.workers.limit", () => (long)options.Value.Size, "{process}", "How many ledger processes may run.");
    }

    public void Called(string operation, string outcome, TimeSpan elapsed)
    {
        var tags = new TagList { { "operation", operation }, { "outcome", outcome } };
        _calls.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
    }

    public void Waited(TimeSpan elapsed) => _wait.Record(elapsed.TotalSeconds);

    public void Busy(int change) => _busy.Add(change);

    public void Waiting(int change) => _waiting.Add(change);

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
