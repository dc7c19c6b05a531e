namespace MidnightOS.Core.Maintenance;

/// <summary>How much work waits in the stores, over all tenants and hosts. For operators; a figure, never a decision.</summary>
public interface IQueueDepths
{
    /// <summary>Reads the figures. What it costs grows with what waits, not with what is stored.</summary>
    /// <param name="dueQueues">The queues of due markers to look at.</param>
    /// <param name="now">Markers and flows due at or before this time wait.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<QueueDepths> ReadAsync(IReadOnlyCollection<string> dueQueues, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>How much work waits.</summary>
/// <param name="Queues">Each queue: <c>outbox</c> (records not carried out), <c>flows</c> (due and held by no host), and the due markers' by their names.</param>
/// <param name="RunningFlows">Flows that have not ended, by the flow's name.</param>
public sealed record QueueDepths(IReadOnlyList<QueueDepth> Queues, IReadOnlyDictionary<string, long> RunningFlows);

/// <summary>One queue.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Depth">How many wait.</param>
/// <param name="Oldest">Since when the first one waits; null when none does.</param>
public sealed record QueueDepth(string Queue, long Depth, DateTimeOffset? Oldest);
