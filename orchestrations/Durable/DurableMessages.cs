using System.Text.Json;
using MidnightOS.Core.Documents;

namespace MidnightOS.Orchestrations.Durable;

/// <summary>The names under which a durable host knows the platform's three things. They stand in histories: never change them.</summary>
internal static class DurableNames
{
    /// <summary>The one orchestrator, which runs every flow.</summary>
    public const string Flow = "flow";

    /// <summary>The one activity, which runs every step.</summary>
    public const string Step = "step";

    /// <summary>The one external event, which carries every event. Under one name events keep their order, and names keep their case.</summary>
    public const string Event = "event";
}

/// <summary>The input of the orchestrator. It stands in histories, as the other messages do: fields may be added, never renamed.</summary>
/// <param name="Flow">The flow's name.</param>
/// <param name="InputJson">Its input.</param>
/// <param name="At">When it was started.</param>
/// <param name="TraceParent">The trace that its steps go on with; null for none.</param>
internal sealed record FlowStart(string Flow, string InputJson, DateTimeOffset At, string? TraceParent);

/// <summary>The input of the activity: one attempt of a step.</summary>
/// <param name="Flow">The flow's name.</param>
/// <param name="FlowId">Its id.</param>
/// <param name="Step">The step's name.</param>
/// <param name="Sequence">The call's number.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="InputJson">The step's input.</param>
/// <param name="TraceParent">The flow's trace; null for none.</param>
internal sealed record StepRequest(string Flow, string FlowId, string Step, int Sequence, int Attempt, string InputJson, string? TraceParent);

/// <summary>The output of the activity. It names its step, so that a flow that was changed under its name is noticed.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="Sequence">The call's number.</param>
/// <param name="OutputJson">The step's output; null unless it succeeded.</param>
/// <param name="Error">What it threw; null unless it failed.</param>
/// <param name="Retryable">Whether another attempt can end otherwise.</param>
internal sealed record StepAnswer(string Step, int Sequence, string? OutputJson, string? Error, bool Retryable);

/// <summary>The payload of an external event.</summary>
/// <param name="EventId">What names this raising.</param>
/// <param name="Name">The event's name.</param>
/// <param name="PayloadJson">Its payload.</param>
internal sealed record RaisedEvent(string EventId, string Name, string PayloadJson)
{
    /// <summary>Reads one; null for what somebody else raised, which no flow waits for.</summary>
    public static RaisedEvent? Read(string? json)
    {
        try
        {
            return json is not null && JsonSerializer.Deserialize<RaisedEvent>(json, DocumentJson.Options) is { EventId: not null, Name: not null, PayloadJson: not null } raised
                ? raised
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
