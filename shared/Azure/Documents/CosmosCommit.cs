using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Storage;

namespace MidnightOS.Azure.Documents;

/// <summary>One batch: what its preconditions ask for is read, and everything is written on the condition that nothing of it has changed; otherwise it is looked at again.</summary>
internal sealed class CosmosCommit(CosmosItems items, TenantId tenant, DateTimeOffset now, IReadOnlyList<DocumentWrite> writes)
{
    // Each attempt that fails means that another writer got through in between.
    private const int Attempts = 50;

    private readonly string[] _versions = [.. writes.Select(static _ => Guid.NewGuid().ToString("N"))];

    public async Task<CommitResult> RunAsync(CancellationToken cancellationToken)
    {
        // What asks for nothing, or for a place that is free, is written without a look.
        var blind = writes.All(static write => write is DocumentWrite.Put { Condition.ETag: null });
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var found = blind && attempt == 0 ? new FoundItem?[writes.Count] : await ReadAsync(cancellationToken);
            if (attempt > 0 && IsWritten(found))
            {
                return Written();
            }

            if (Enumerable.Range(0, writes.Count).Where(i => !Holds(writes[i].Condition, found[i])).Cast<int?>().FirstOrDefault() is { } failed)
            {
                return new CommitResult([], failed);
            }

            ItemWrite[] operations = [.. Enumerable.Range(0, writes.Count).Select(i => Operation(i, found[i])).OfType<ItemWrite>()];
            if (operations.Length == 0 || await items.WriteAsync(tenant, operations, cancellationToken))
            {
                return Written();
            }
        }

        throw new StorageUnavailableException($"Others wrote the same documents {Attempts} times in between.");
    }

    private Task<FoundItem?[]> ReadAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(writes.Select(write => items.ReadAsync(tenant, CosmosItem.Id(write.Key), cancellationToken)));

    // The client repeats a write whose answer was lost, and is then refused for what it did itself.
    private bool IsWritten(FoundItem?[] found) =>
        Enumerable.Range(0, writes.Count).Any(i => writes[i] is DocumentWrite.Put && found[i]?.Version == _versions[i]);

    private bool Holds(Precondition condition, FoundItem? found)
    {
        var live = found is not null && found.IsLive(now);
        return condition.MustNotExist ? !live : condition.ETag is null || (live && found!.Version == condition.ETag);
    }

    private ItemWrite? Operation(int index, FoundItem? found)
    {
        var write = writes[index];
        var id = CosmosItem.Id(write.Key);
        return write switch
        {
            DocumentWrite.Put put when put.Condition == Precondition.None => new ItemWrite(ItemAction.Upsert, id, Item(put)),
            DocumentWrite.Put put => Conditional(id, Item(put), found),
            DocumentWrite.Delete when found is null => null,
            DocumentWrite.Delete => new ItemWrite(ItemAction.Delete, id, [], found.Stamp),
            _ when write.Condition == Precondition.None => null,
            _ => Conditional(id, found?.Bytes ?? CosmosItem.Expired(tenant, write.Key, _versions[index], now), found),
        };

        byte[] Item(DocumentWrite.Put put) => CosmosItem.Of(tenant, put, _versions[index], now);
    }

    private static ItemWrite Conditional(string id, byte[] item, FoundItem? found) =>
        found is null ? new ItemWrite(ItemAction.Create, id, item) : new ItemWrite(ItemAction.Replace, id, item, found.Stamp);

    private CommitResult Written() => new([.. writes.Select((write, i) => write is DocumentWrite.Put ? _versions[i] : null)], null);
}
