using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>What happened to a flow since its last turn, as entries, and how it goes on from there.</summary>
internal static class FlowSettlement
{
    // A flow that never has to wait must write now and then, and must not keep its thread for ever.
    private const int MaxEntries = 100;
    private const int MaxErrorLength = 2000;

    /// <summary>Applies what steps returned, then what the inbox and the clock bring.</summary>
    /// <param name="execution">The flow.</param>
    /// <param name="steps">Its running steps.</param>
    /// <param name="now">The current time.</param>
    /// <param name="entries">Gets the entries that were applied.</param>
    public static void Settle(this FlowExecution execution, FlowSteps steps, DateTimeOffset now, List<FlowEntry> entries)
    {
        execution.Check();
        while (!execution.Ended && steps.TryTake(out var outcome))
        {
            // A step whose call the flow no longer has cannot be: a call stays until it is answered.
            var call = execution.FindStep(outcome.Key.Sequence) ?? throw new InvalidOperationException($"Call {outcome.Key.Sequence} is not open.");
            call.Running = false;
            if (!outcome.Stopped)
            {
                Take(ToEntry(call, outcome, now));
            }
        }

        while (!execution.Ended && entries.Count < MaxEntries && execution.NextDue(now) is { } due)
        {
            Take(due);
        }

        void Take(FlowEntry entry)
        {
            entries.Add(entry);
            execution.Apply(entry);
        }
    }

    /// <summary>How the flow goes on.</summary>
    /// <param name="execution">The flow, settled.</param>
    /// <param name="running">How many of its steps run.</param>
    /// <param name="stopping">Whether the host stops: then it starts nothing more and gives the flow back.</param>
    /// <param name="now">The current time.</param>
    public static FlowNext Next(this FlowExecution execution, int running, bool stopping, DateTimeOffset now)
    {
        if (execution.Ended)
        {
            return execution.Failure is { } failure
                ? new FlowNext.End(FlowStatus.Failed, null, Shorten(failure.Message), now)
                : new FlowNext.End(FlowStatus.Completed, execution.Output, null, now);
        }

        if (running == 0 && stopping)
        {
            return new FlowNext.Suspend(now);
        }

        var goesOn = running > 0 || execution.ReadySteps(now).Any() || execution.NextDue(now) is not null;
        return goesOn ? new FlowNext.Continue() : new FlowNext.Suspend(execution.NextWake());
    }

    /// <summary>The steps that are to be started.</summary>
    public static IEnumerable<StepCall> ReadySteps(this FlowExecution execution, DateTimeOffset now) =>
        execution.Pending.OfType<StepCall>().Where(step => !step.Running && (step.DueAt ?? now) <= now);

    private static FlowEntry ToEntry(StepCall call, StepOutcome outcome, DateTimeOffset now)
    {
        var kind = outcome.Error is null ? FlowEntryKind.StepCompleted
            : outcome.Retryable && outcome.Key.Attempt < call.Retry.MaxAttempts ? FlowEntryKind.AttemptFailed
            : FlowEntryKind.StepFailed;
        return new FlowEntry(call.Sequence, kind, call.Name, now)
        {
            Payload = outcome.OutputJson ?? outcome.Error,
            Attempt = outcome.Key.Attempt,
            RetryAt = kind is FlowEntryKind.AttemptFailed ? now + call.Retry.DelayAfter(outcome.Key.Attempt) : null,
        };
    }

    private static string Shorten(string error) => error.Length <= MaxErrorLength ? error : error[..MaxErrorLength];
}
