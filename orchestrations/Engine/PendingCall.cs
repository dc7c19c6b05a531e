using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>Something that the flow asked of its context and that is not answered yet.</summary>
/// <param name="sequence">The call's number in the flow, from 1.</param>
/// <param name="name">The step's or event's name.</param>
internal abstract class PendingCall(int sequence, string name)
{
    private readonly TaskCompletionSource<string?> _answer = new();

    public int Sequence { get; } = sequence;

    public string Name { get; } = name;

    /// <summary>What the flow's code awaits; answered inside the pump only.</summary>
    public Task<string?> Answer => _answer.Task;

    public void Complete(string? json) => _answer.SetResult(json);

    public void Fail(Exception exception) => _answer.SetException(exception);

    /// <summary>What it is, for errors: "step 'x'".</summary>
    public abstract string Describe();
}

/// <summary>A call of a step, over all its attempts.</summary>
internal sealed class StepCall(int sequence, string name, string inputJson, RetryPolicy retry) : PendingCall(sequence, name)
{
    public string InputJson { get; } = inputJson;

    public RetryPolicy Retry { get; } = retry;

    /// <summary>The attempt that runs or is next, from 1.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>When that attempt is due; null for at once.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Whether an attempt runs on this host.</summary>
    public bool Running { get; set; }

    public override string Describe() => $"step '{Name}'";
}

/// <summary>A wait for an event.</summary>
internal sealed class EventCall(int sequence, string name, DateTimeOffset deadline) : PendingCall(sequence, name)
{
    public DateTimeOffset Deadline { get; } = deadline;

    public override string Describe() => $"wait for event '{Name}'";
}

/// <summary>A durable delay.</summary>
internal sealed class DelayCall(int sequence, DateTimeOffset due) : PendingCall(sequence, "")
{
    public DateTimeOffset Due { get; } = due;

    public override string Describe() => "delay";
}
