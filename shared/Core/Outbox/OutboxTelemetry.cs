using System.Diagnostics;
using System.Diagnostics.Metrics;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Core.Outbox;

/// <summary>Meter and activity source <c>MidnightOS.Outbox</c>.</summary>
internal static class OutboxTelemetry
{
    private const string Name = "MidnightOS.Outbox";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> DispatchedRecords = Meter.CreateCounter<long>("midnight.outbox.dispatched", "{record}", "Outbox records that this host carried out, by kind.");
    private static readonly Histogram<double> Delay = Meter.CreateDuration("midnight.outbox.delay", "From the commit of an outbox record until it was carried out.");

    /// <summary>The carrying out of a record, in the trace of the change that wrote it. Events of the tenant's stream have no part in a trace.</summary>
    public static Activity? Start(OutboxRecord record)
    {
        var activity = record.FlowStart is { } start
            ? Activities.Follow("outbox start", start.Flow, record.TraceParent, ActivityKind.Producer)?.SetTag("flow.id", start.Id)
            : null;
        return record.FlowEvent is { } raised
            ? Activities.Follow("outbox raise", raised.Name, record.TraceParent, ActivityKind.Producer)?.SetTag("flow.id", raised.FlowId)
            : activity;
    }

    /// <summary>Counts records that are carried out and gone.</summary>
    public static void Dispatched(OutboxRecord record, DateTimeOffset now)
    {
        var kind = new KeyValuePair<string, object?>("kind", record.FlowStart is not null ? "flow-start" : record.FlowEvent is not null ? "flow-event" : "event");
        DispatchedRecords.Add(1, kind);
        Delay.Record(Math.Max(0, (now - record.At).TotalSeconds), kind);
    }
}
