using System.Diagnostics;
using System.Diagnostics.Metrics;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>Meter and activity source <c>MidnightOS.Flows</c>.</summary>
internal sealed class FlowMetrics
{
    public const string Name = "MidnightOS.Flows";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _steps;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _commits;
    private readonly UpDownCounter<long> _active;

    public FlowMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _started = meter.CreateCounter<long>("midnight.flows.started", "{flow}", "Flows that this host accepted.");
        _ended = meter.CreateCounter<long>("midnight.flows.ended", "{flow}", "Flows that ended on this host, by status.");
        _duration = meter.CreateDuration("midnight.flows.duration", "From the start of a flow to its end, over all hosts.");
        _steps = meter.CreateDuration("midnight.flows.step.duration", "Time of one attempt of a step.");
        _retries = meter.CreateCounter<long>("midnight.flows.step.retries", "{attempt}", "Attempts of steps after their first.");
        _commits = meter.CreateDuration("midnight.flows.commit.duration", "Time of one write to the journal.");
        _active = meter.CreateUpDownCounter<long>("midnight.flows.active", "{flow}", "Flows that this host holds.");
    }

    public void Started(string flow) => _started.Add(1, new KeyValuePair<string, object?>("flow", flow));

    /// <summary>Counts the end, and closes the trace with a span over the flow's whole life.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="id">Its id.</param>
    /// <param name="traceParent">The trace that it was started with; null for none.</param>
    /// <param name="startedAt">When.</param>
    /// <param name="ended">How it ended.</param>
    /// <param name="now">The current time.</param>
    public void Ended(string flow, string id, string? traceParent, DateTimeOffset startedAt, FlowStatus ended, DateTimeOffset now)
    {
        var status = ended is FlowStatus.Completed ? "completed" : "failed";
        var tags = new TagList { { "flow", flow }, { "status", status } };
        _ended.Add(1, tags);
        _duration.Record(Math.Max(0, (now - startedAt).TotalSeconds), tags);
        if (Activities.HasListeners())
        {
            // Its steps ran on whatever host held it, so they are its siblings: no span could stay open over a restart.
            using var activity = Activities.StartActivity($"flow {flow}", ActivityKind.Internal, TraceParent.Parse(traceParent), startTime: startedAt);
            activity?.SetTag("flow.id", id).SetTag("status", status);
            activity?.SetStatus(ended is FlowStatus.Completed ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        }
    }

    public void Step(string step, int attempt, string outcome, TimeSpan duration)
    {
        _steps.Record(duration.TotalSeconds, new("step", step), new("outcome", outcome));
        if (attempt > 1)
        {
            _retries.Add(1, new KeyValuePair<string, object?>("step", step));
        }
    }

    public void Commit(TimeSpan duration) => _commits.Record(duration.TotalSeconds);

    public void Active(int change) => _active.Add(change);
}
