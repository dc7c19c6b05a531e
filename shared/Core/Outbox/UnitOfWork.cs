using System.Collections.Concurrent;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Core.Outbox;

/// <summary>Writes the outbox records of a change into the batch of the change, after a due marker that lets any instance find them.</summary>
internal sealed class UnitOfWork(IDocumentStore store, IDirectory directory, IIdGenerator ids, TimeProvider time, OutboxSignal signal) : IUnitOfWork
{
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<TenantId, DateTimeOffset> _marked = new();

    public async Task<CommitResult> CommitAsync(TenantId tenant, Batch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Records.Count == 0)
        {
            return await store.CommitAsync(tenant, batch.Writes, cancellationToken);
        }

        await MarkAsync(tenant, cancellationToken);
        var result = await store.CommitAsync(tenant, [.. batch.Writes, .. batch.Records.Select(ToWrite)], cancellationToken);
        if (result.Committed)
        {
            signal.Set(tenant);
        }

        return result;
    }

    private DocumentWrite.Put ToWrite(OutboxRecord record)
    {
        var stamped = record with { Id = ids.New(IdPrefix.Outbox), At = time.GetUtcNow(), TraceParent = TraceParent.Current };
        return new DocumentWrite.Put(OutboxDocuments.Key(stamped.Id), DocumentJson.Serialize(stamped), []) { Condition = Precondition.Absent };
    }

    // One marker serves every commit of the next seconds: the dispatcher leaves it standing for longer than that (OutboxTimes).
    private async Task MarkAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_marked.TryGetValue(tenant, out var last) && now >= last && now - last < OutboxTimes.MarkAgainAfter)
        {
            return;
        }

        await directory.MarkDueAsync(OutboxDocuments.Queue, tenant, OutboxDocuments.Queue, now, cancellationToken);
        if (_marked.Count >= MostRemembered)
        {
            // Who is forgotten is marked once more, which is harmless; what grows with the tenants is not.
            _marked.Clear();
        }

        _marked[tenant] = now;
    }
}

/// <summary>Where outbox records are.</summary>
internal static class OutboxDocuments
{
    public const string Kind = "outbox";
    public const string Queue = "outbox";

    public static DocumentKey Key(string id) => new(Kind, id);
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
