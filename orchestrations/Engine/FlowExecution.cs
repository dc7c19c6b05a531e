using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>The code of one flow between its entries: applies what happened, one entry after the other, and knows what the flow asks for next. Does no I/O.</summary>
/// <remarks>A replay and the first run are the same thing: entries applied in order. Only where they come from differs.</remarks>
internal sealed class FlowExecution
{
    private readonly SortedDictionary<int, PendingCall> _pending = [];
    private readonly IFlowRegistry _flows;
    private readonly EmbeddedFlowContext _context;
    private readonly string _flow;
    private readonly string _inputJson;
    private Exception? _failure;

    public FlowExecution(FlowClaim claim, IFlowRegistry flows, IIdGenerator ids, Action onForeign)
    {
        _flows = flows;
        _flow = claim.Flow;
        _inputJson = claim.InputJson;
        Now = claim.StartedAt;
        Pump = new FlowPump(onForeign);
        _context = new EmbeddedFlowContext(claim.Lease.FlowId, this, ids);
    }

    public FlowPump Pump { get; }

    public FlowInbox Inbox { get; } = new();

    /// <summary>The flow's "now": the time of the last entry.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>What the flow last set.</summary>
    public string? CustomStatus { get; set; }

    /// <summary>Whether the flow ended; then one of <see cref="Output"/> and <see cref="Failure"/> is set.</summary>
    public bool Ended { get; private set; }

    public string? Output { get; private set; }

    public Exception? Failure => Defect ?? _failure;

    /// <summary>The rule that the flow's code broke.</summary>
    public FlowDefectException? Defect { get; private set; }

    /// <summary>The open calls in the order in which the flow made them.</summary>
    public IReadOnlyCollection<PendingCall> Pending => _pending.Values;

    public void Start() => Turn(() => _ = DriveAsync());

    /// <summary>Tells the flow of one thing that happened and runs it until it waits or ended.</summary>
    public void Apply(FlowEntry entry)
    {
        if (Ended)
        {
            Break(FlowDefectException.Diverged($"it ended where its journal goes on with call {entry.Sequence}"));
            return;
        }

        if (!_pending.TryGetValue(entry.Sequence, out var call))
        {
            Break(FlowDefectException.Diverged($"it did not make call {entry.Sequence} ({entry.Kind} '{entry.Name}') where its journal has it"));
            return;
        }

        if (!Answers(entry, call))
        {
            Break(FlowDefectException.Diverged($"its call {entry.Sequence} is {call.Describe()}, its journal has {entry.Kind} '{entry.Name}'"));
            return;
        }

        Now = entry.At > Now ? entry.At : Now;
        if (entry.Kind is FlowEntryKind.AttemptFailed)
        {
            var step = (StepCall)call;
            step.Attempt = entry.Attempt + 1;
            step.DueAt = entry.RetryAt;
            return;
        }

        _pending.Remove(entry.Sequence);
        Turn(() => Answer(entry, call));
    }

    /// <summary>The step call of this number, if it is open.</summary>
    public StepCall? FindStep(int sequence) => _pending.GetValueOrDefault(sequence) as StepCall;

    /// <summary>Registers a call; only the context calls it.</summary>
    public void Add(PendingCall call) => _pending.Add(call.Sequence, call);

    /// <summary>Ends the flow because its code broke a rule.</summary>
    public void Break(FlowDefectException defect)
    {
        Defect ??= defect;
        Ended = true;
        Output = null;
    }

    private static bool Answers(FlowEntry entry, PendingCall call) => string.Equals(entry.Name, call.Name, StringComparison.Ordinal) && entry.Kind switch
    {
        FlowEntryKind.StepCompleted or FlowEntryKind.StepFailed or FlowEntryKind.AttemptFailed => call is StepCall,
        FlowEntryKind.EventTaken or FlowEntryKind.TimedOut => call is EventCall,
        FlowEntryKind.DelayPassed => call is DelayCall,
        _ => throw new InvalidOperationException($"The journal has an entry of unknown kind {entry.Kind}."),
    };

    private void Answer(FlowEntry entry, PendingCall call)
    {
        switch (entry.Kind)
        {
            case FlowEntryKind.StepFailed:
                call.Fail(new StepFailedException(call.Name, entry.Payload ?? ""));
                break;
            case FlowEntryKind.EventTaken:
                var raised = Inbox.Take(call.Name);
                if (raised?.Number != entry.EventNumber)
                {
                    throw new InvalidOperationException($"The journal of flow {_context.FlowId} took event {entry.EventNumber}, its inbox has {raised?.Number}.");
                }

                call.Complete(raised.PayloadJson);
                break;
            case FlowEntryKind.StepCompleted:
                call.Complete(entry.Payload);
                break;
            default:
                call.Complete(null);
                break;
        }
    }

    /// <summary>Ends the flow when its code was seen on another thread, or waits for nothing that its context could answer.</summary>
    public void Check()
    {
        if (Pump.SawForeign || (!Ended && _pending.Count == 0))
        {
            Break(FlowDefectException.Foreign());
        }
    }

    private void Turn(Action action)
    {
        Pump.Run(action);
        Check();
    }

    private async Task DriveAsync()
    {
        try
        {
            Output = await _flows.RunAsync(_flow, _context, _inputJson);
        }
        catch (Exception exception)
        {
            _failure = exception;
        }

        Ended = true;
    }
}
