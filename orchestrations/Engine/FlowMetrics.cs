using System.Diagnostics;
using System.Diagnostics.Metrics;
using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>Meter and activity source <c>MidnightOS.Flows</c>.</summary>
internal sealed class FlowMetrics
{
    public const string Name = "MidnightOS.Flows";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _steps;
    private readonly Histogram<double> _commits;
    private readonly UpDownCounter<long> _active;

    public FlowMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _started = meter.CreateCounter<long>("midnight.flows.started", "{flow}", "Flows that this host accepted.");
        _ended = meter.CreateCounter<long>("midnight.flows.ended", "{flow}", "Flows that ended on this host.");
        _steps = meter.CreateHistogram<double>("midnight.flows.step.duration", "s", "Time of one attempt of a step.");
        _commits = meter.CreateHistogram<double>("midnight.flows.commit.duration", "s", "Time of one write to the journal.");
        _active = meter.CreateUpDownCounter<long>("midnight.flows.active", "{flow}", "Flows that this host holds.");
    }

    public void Started(string flow) => _started.Add(1, new KeyValuePair<string, object?>("flow", flow));

    public void Ended(string flow, FlowStatus status) => _ended.Add(1, new("flow", flow), new("status", status.ToString()));

    public void Step(string step, string outcome, TimeSpan duration) => _steps.Record(duration.TotalSeconds, new("step", step), new("outcome", outcome));

    public void Commit(TimeSpan duration) => _commits.Record(duration.TotalSeconds);

    public void Active(int change) => _active.Add(change);
}
