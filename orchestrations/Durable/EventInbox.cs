namespace MidnightOS.Orchestrations.Durable;

/// <summary>A wait of a flow for an event.</summary>
/// <param name="name">The event's name.</param>
internal sealed class EventWait(string name)
{
    private readonly TaskCompletionSource<string> _payload = new();

    public string Name { get; } = name;

    /// <summary>The payload of the event that it got.</summary>
    public Task<string> Payload => _payload.Task;

    public void Give(string payloadJson) => _payload.SetResult(payloadJson);
}

/// <summary>The events of one flow: each counts once, those of a name go to its waits in the order of both.</summary>
/// <remarks>Rebuilt by every replay from the events of the history, so it is the same each time. Giving an event runs the flow's code, so it comes last.</remarks>
internal sealed class EventInbox
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<string>> _untaken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinkedList<EventWait>> _waits = new(StringComparer.Ordinal);

    /// <summary>Gives the event to the first open wait of its name, or keeps it.</summary>
    public void Receive(RaisedEvent raised)
    {
        if (!_known.Add(raised.EventId))
        {
            return;
        }

        if (_waits.TryGetValue(raised.Name, out var waits) && waits.First is { } first)
        {
            waits.RemoveFirst();
            first.Value.Give(raised.PayloadJson);
            return;
        }

        if (!_untaken.TryGetValue(raised.Name, out var queue))
        {
            _untaken[raised.Name] = queue = new Queue<string>();
        }

        queue.Enqueue(raised.PayloadJson);
    }

    /// <summary>Opens a wait, which may have its event at once.</summary>
    public EventWait Wait(string name)
    {
        var wait = new EventWait(name);
        if (_untaken.TryGetValue(name, out var queue) && queue.TryDequeue(out var payload))
        {
            wait.Give(payload);
            return wait;
        }

        if (!_waits.TryGetValue(name, out var waits))
        {
            _waits[name] = waits = new LinkedList<EventWait>();
        }

        waits.AddLast(wait);
        return wait;
    }

    /// <summary>Closes a wait whose time passed: a later event is for the next one.</summary>
    public void Withdraw(EventWait wait)
    {
        if (_waits.TryGetValue(wait.Name, out var waits))
        {
            waits.Remove(wait);
        }
    }
}
