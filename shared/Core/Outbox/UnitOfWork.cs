using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Core.Outbox;

/// <summary>Writes the outbox records of a change into the batch of the change, after a due marker that lets any instance find them.</summary>
internal sealed class UnitOfWork(IDocumentStore store, IDirectory directory, IIdGenerator ids, TimeProvider time, OutboxSignal signal, OutboxPlace place) : IUnitOfWork
{
    // One marker serves every commit of the next seconds: the dispatcher leaves it standing for longer than that (OutboxTimes).
    private readonly DueMarks _marks = new(directory, time, place.Queue, OutboxTimes.MarkAgainAfter);

    public async Task<CommitResult> CommitAsync(TenantId tenant, Batch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Records.Count == 0)
        {
            return await store.CommitAsync(tenant, batch.Writes, cancellationToken);
        }

        await _marks.SetAsync(tenant, TimeSpan.Zero, cancellationToken);
        var result = await store.CommitAsync(tenant, [.. batch.Writes, .. batch.Records.Select(ToWrite)], cancellationToken);
        if (result.Committed)
        {
            signal.Set(tenant);
        }

        return result;
    }

    private DocumentWrite.Put ToWrite(OutboxRecord record)
    {
        var stamped = record with { Id = ids.New(IdPrefix.Outbox), At = time.GetUtcNow(), TraceParent = record.TraceParent ?? TraceParent.Current };
        return new DocumentWrite.Put(place.Key(stamped.Id), DocumentJson.Serialize(stamped), []) { Condition = Precondition.Absent };
    }
}

/// <summary>Where outbox records are.</summary>
/// <param name="Kind">The kind of their documents.</param>
/// <param name="Queue">The due markers of tenants that have some.</param>
internal sealed record OutboxPlace(string Kind, string Queue)
{
    /// <summary>The platform's: what it says is done.</summary>
    public static OutboxPlace Platform { get; } = new("outbox", "outbox");

    public DocumentKey Key(string id) => new(Kind, id);
}

/// <summary>The times that keep a due marker standing for as long as a commit may rely on it.</summary>
internal static class OutboxTimes
{
    /// <summary>A process relies on its own marker for this long.</summary>
    public static readonly TimeSpan MarkAgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>A marker is looked at again this often while it stands.</summary>
    public static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>After a dispatch that failed a marker is looked at again.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);

    /// <summary>A marker falls this long after it was last set: the time one relies on it and far longer than a commit takes.</summary>
    public static readonly TimeSpan ClearAfter = TimeSpan.FromSeconds(70);
}
