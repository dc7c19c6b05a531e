namespace MidnightOS.Orchestrations.Engine;

/// <summary>The synchronization context of one flow: runs all of the flow's code on the thread that calls <see cref="Run"/>, and notices what comes from elsewhere.</summary>
/// <remarks>
/// What a flow awaits is completed inside <see cref="Run"/> alone, so its continuations come from there. A continuation from another thread means that the flow
/// awaited something foreign (<c>Task.Delay</c>, <c>Task.Run</c>); it is not run, because a replay would run it at another moment.
/// </remarks>
/// <param name="onForeign">Called, on any thread, when something came from outside.</param>
internal sealed class FlowPump(Action onForeign) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _work = new();
    private volatile int _thread;
    private volatile bool _sawForeign;

    /// <summary>Whether something came from outside <see cref="Run"/>.</summary>
    public bool SawForeign => _sawForeign;

    /// <summary>Whether the caller is the flow's own code.</summary>
    public bool IsInside => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs the action and all that follows from it, until the flow waits or ended.</summary>
    public void Run(Action action)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            action();
            while (_work.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            _thread = 0;
            SetSynchronizationContext(previous);
        }
    }

    /// <summary>Remembers that the flow's code was seen elsewhere.</summary>
    public void ReportForeign()
    {
        _sawForeign = true;
        onForeign();
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsInside)
        {
            _work.Enqueue((d, state));
        }
        else
        {
            ReportForeign();
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("A flow does not block.");

    public override SynchronizationContext CreateCopy() => this;
}
