using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Proofs.Apart;

/// <summary>What a job may tell: its state to the tenant's stream, and its end to a flow that waits for it. It is read as from a stranger and written anew.</summary>
internal static class ProofNewsRecord
{
    // Longer than any reason of this platform's own.
    private const int LongestReason = 2_000;

    // https://www.w3.org/TR/trace-context/#traceparent-header
    private const int TraceParentLength = 55;

    /// <summary>Reads a record of the jobs' outbox.</summary>
    /// <returns>A record for the platform's; null when it asks for anything else.</returns>
    public static OutboxRecord? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            var record = DocumentJson.Deserialize<OutboxRecord>(json);
            var trace = record.TraceParent is { Length: TraceParentLength } ? record.TraceParent : null;
            return record switch
            {
                { Event: { DataJson: not null } told, FlowStart: null, FlowEvent: null } => new OutboxRecord { Event = Told(told), TraceParent = trace },
                { FlowEvent: { PayloadJson: not null } raised, FlowStart: null, Event: null } => new OutboxRecord { FlowEvent = Raised(raised), TraceParent = trace },
                _ => null,
            };
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return null;
        }
    }

    private static OutboxEvent Told(OutboxEvent told)
    {
        var activity = DocumentJson.Deserialize<ProofActivity>(told.DataJson);
        Require(told.Type == EventTypes.Activity && activity.Kind == ProofActivity.Proof && IsJob(activity.JobId) && told.Subject == activity.JobId);
        var reason = activity.Reason is { Length: > LongestReason } text ? text[..LongestReason] : activity.Reason;
        return told with { DataJson = DocumentJson.ToText(activity with { Reason = reason }) };
    }

    private static OutboxFlowEvent Raised(OutboxFlowEvent raised)
    {
        var job = DocumentJson.Deserialize<string>(raised.PayloadJson);

        // No flows but those of transactions wait for proofs (CallProofs).
        Require(raised.Name == ProofFlowEvents.Ended && IdFormat.Is(IdPrefix.Transaction, raised.FlowId) && IsJob(job));
        return raised with { PayloadJson = DocumentJson.ToText(job) };
    }

    private static bool IsJob(string? id) => IdFormat.Is(IdPrefix.Proof, id);

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new FormatException("No job tells this.");
        }
    }
}
