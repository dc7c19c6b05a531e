using System.Runtime.InteropServices;
using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>The events raised to a flow that it has not taken: those of a name in the order in which they were raised.</summary>
internal sealed class FlowInbox
{
    private readonly Dictionary<string, Queue<FlowInboxEvent>> _byName = new(StringComparer.Ordinal);

    /// <summary>The number of the last event received; 0 for none.</summary>
    public long Seen { get; private set; }

    public void Receive(IReadOnlyList<FlowInboxEvent> events)
    {
        foreach (var raised in events)
        {
            if (raised.Number <= Seen)
            {
                continue;
            }

            ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, raised.Name, out _);
            queue ??= new Queue<FlowInboxEvent>();
            queue.Enqueue(raised);
            Seen = raised.Number;
        }
    }

    public FlowInboxEvent? Peek(string name) => _byName.TryGetValue(name, out var queue) && queue.TryPeek(out var next) ? next : null;

    public FlowInboxEvent? Take(string name) => _byName.TryGetValue(name, out var queue) && queue.TryDequeue(out var next) ? next : null;
}
