using MidnightOS.Core.Directory;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Maintenance;

/// <summary>How much work waits, counted by the directory's due markers: for stores that cannot count. What flows run and which messages wait, their hosts tell.</summary>
/// <remarks>Of the outbox it counts tenants with records, not records.</remarks>
internal sealed class DueQueueDepths(IDirectory directory) : IQueueDepths
{
    // A figure for an alert: whether it is a thousand or more does not change what one does.
    private const int Most = 1000;

    public async Task<QueueDepths> ReadAsync(IReadOnlyCollection<string> dueQueues, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var queues = new List<QueueDepth>();
        foreach (var queue in dueQueues.Prepend(OutboxPlace.Platform.Queue))
        {
            var markers = await directory.ListDueAsync(queue, now, Most, cancellationToken);
            queues.Add(new QueueDepth(queue, markers.Count, markers.Count == 0 ? null : markers[0].DueAt));
        }

        return new QueueDepths(queues, new Dictionary<string, long>(StringComparer.Ordinal));
    }
}
