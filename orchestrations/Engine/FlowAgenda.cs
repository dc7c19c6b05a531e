using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>Which of a flow's open calls the clock or the inbox answers, and when it must be looked at again.</summary>
internal static class FlowAgenda
{
    /// <summary>The entry for the call that became answerable first: an event by the time it was raised, a wait or delay by its end. Null when nothing is due.</summary>
    /// <remarks>So an event that was raised in time wins over the end of the wait, however late the host looks.</remarks>
    public static FlowEntry? NextDue(this FlowExecution execution, DateTimeOffset now)
    {
        FlowEntry? first = null;
        var firstAt = now;
        HashSet<string>? waited = null;
        foreach (var call in execution.Pending)
        {
            var (at, entry) = call switch
            {
                EventCall wait => Due(execution, wait, (waited ??= new(StringComparer.Ordinal)).Add(wait.Name), now),
                DelayCall delay => (delay.Due, new FlowEntry(delay.Sequence, FlowEntryKind.DelayPassed, delay.Name, now)),
                _ => (DateTimeOffset.MaxValue, null),
            };
            if (at < firstAt || (at == firstAt && first is null))
            {
                (firstAt, first) = (at, entry);
            }
        }

        return first;
    }

    /// <summary>The first time at which the clock answers an open call or a failed step is tried again; null when only an event can go on.</summary>
    public static DateTimeOffset? NextWake(this FlowExecution execution)
    {
        DateTimeOffset? next = null;
        foreach (var call in execution.Pending)
        {
            var at = call switch
            {
                EventCall wait => wait.Deadline,
                DelayCall delay => delay.Due,
                StepCall { Running: false } step => step.DueAt,
                _ => null,
            };
            next = at < next || next is null ? at ?? next : next;
        }

        return next;
    }

    private static (DateTimeOffset At, FlowEntry? Entry) Due(FlowExecution execution, EventCall wait, bool firstOfName, DateTimeOffset now)
    {
        if (firstOfName && execution.Inbox.Peek(wait.Name) is { } raised && raised.At <= wait.Deadline)
        {
            var entry = new FlowEntry(wait.Sequence, FlowEntryKind.EventTaken, wait.Name, now) { EventNumber = raised.Number };
            return (raised.At < now ? raised.At : now, entry);
        }

        return (wait.Deadline, new FlowEntry(wait.Sequence, FlowEntryKind.TimedOut, wait.Name, now));
    }
}
