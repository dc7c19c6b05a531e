using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using MidnightOS.Core.Agents.Scripted;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Core.Agents;

/// <summary>Meter and activity source <c>MidnightOS.Agents</c>. Nothing of a message, an answer, a bot or a user is measured; a tool is named by the host's own list.</summary>
internal static class AgentTelemetry
{
    private const string Name = "MidnightOS.Agents";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Turns = Meter.CreateCounter<long>("midnight.agents.turns", "{turn}", "Messages that an agent answered, by outcome: answered, stopped, failed, abandoned.");
    private static readonly Histogram<double> TurnDuration = Meter.CreateDuration("midnight.agents.turn.duration", "From the message to the end of its answer, by outcome.");
    private static readonly Histogram<double> CallDuration = Meter.CreateDuration("midnight.agents.model.duration", "Time of one streamed call of the language model, by provider and outcome.");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("midnight.agents.model.tokens", "{token}", "Tokens that the model's endpoint reported, by direction.");
    private static readonly Counter<long> ToolCalls = Meter.CreateCounter<long>("midnight.agents.tool.calls", "{call}", "Tool calls, by tool and status.");
    private static readonly Counter<long> Withheld = Meter.CreateCounter<long>("midnight.agents.sentences.withheld", "{sentence}", "Sentences of the model that no record bore out.");

    /// <summary>Measures a turn until it is disposed; one that did not come to its end by then was abandoned.</summary>
    public static MeasuredTurn Turn(LoopState state, TimeProvider time) => new(state, time);

    /// <summary>Measures a call of the model until it is disposed.</summary>
    public static MeasuredCall Call(IChatClient client, ModelCall call, TimeProvider time) => new(client is ScriptedChatClient ? "scripted" : "remote", call, time);

    /// <summary>Counts the tokens that an update of the model reports, if it does.</summary>
    public static void Spent(IList<AIContent> contents)
    {
        foreach (var usage in contents.OfType<UsageContent>())
        {
            Tokens.Add(usage.Details.InputTokenCount ?? 0, new KeyValuePair<string, object?>("direction", "input"));
            Tokens.Add(usage.Details.OutputTokenCount ?? 0, new KeyValuePair<string, object?>("direction", "output"));
        }
    }

    /// <summary>The running of a tool.</summary>
    public static Activity? Tool(string tool) => Activities.Within("tool", tool);

    /// <summary>A tool has answered.</summary>
    public static void ToolCalled(Activity? activity, string tool, bool succeeded)
    {
        ToolCalls.Add(1, new("tool", tool), new("status", succeeded ? "succeeded" : "failed"));
        activity?.SetStatus(succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
    }

    internal sealed class MeasuredTurn(LoopState state, TimeProvider time) : IDisposable
    {
        private string _outcome = "abandoned";

        public void Ended()
        {
            _outcome = state.Failed ? "failed" : state.Stopped || !state.IsOver ? "stopped" : "answered";
            Withheld.Add(state.Filter.Withheld);
        }

        public void Dispose()
        {
            var outcome = new KeyValuePair<string, object?>("outcome", _outcome);
            Turns.Add(1, outcome);
            TurnDuration.Record(time.GetElapsedTime(state.StartedAt).TotalSeconds, outcome);
        }
    }

    internal sealed class MeasuredCall : IDisposable
    {
        private readonly string _provider;
        private readonly ModelCall _call;
        private readonly TimeProvider _time;
        private readonly long _started;
        private readonly Activity? _activity;

        public MeasuredCall(string provider, ModelCall call, TimeProvider time)
        {
            (_provider, _call, _time, _started) = (provider, call, time, time.GetTimestamp());
            var current = Activity.Current;
            _activity = Activities.Within("model", provider, ActivityKind.Client);

            // What runs between the pieces of a streamed answer is not part of the call.
            Activity.Current = current;
        }

        public void Dispose()
        {
            var outcome = _call.Failure is null ? "ok" : "failed";
            CallDuration.Record(_time.GetElapsedTime(_started).TotalSeconds, new("provider", _provider), new("outcome", outcome));
            _activity?.SetStatus(_call.Failure is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
            _activity?.Dispose();
        }
    }
}
