using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Identity;

namespace MidnightOS.Azure.Documents;

/// <summary>The calls of a container of Cosmos DB that the store makes, by streams: what comes and goes is JSON as the store wrote it.</summary>
internal class CosmosItems(CosmosClient client, string container, IOptions<CosmosOptions> options, ILogger<CosmosItems> logger)
{
    // Cosmos DB takes deeper items than a reader by default; whose depth is no document's is found out when its content is read.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1024 };

    private static readonly ItemRequestOptions NoContent = new() { EnableContentResponseOnWrite = false };

    private readonly Container _container = client.GetContainer(options.Value.Database, container);
    private readonly CosmosAnswers _answers = new(options.Value.SlowCall, logger);

    /// <summary>One item; null when there is none.</summary>
    public Task<FoundItem?> ReadAsync(TenantId tenant, string id, CancellationToken cancellationToken) => CosmosAnswers.CallAsync(async () =>
    {
        using var response = await _container.ReadItemStreamAsync(id, Partition(tenant), cancellationToken: cancellationToken);
        if (_answers.Check(response, "read", HttpStatusCode.NotFound))
        {
            return null;
        }

        using var document = await JsonDocument.ParseAsync(response.Content, Deep, cancellationToken);
        return Found(document.RootElement);
    });

    /// <summary>The first items that a query finds in a partition.</summary>
    public Task<List<FoundItem>> QueryAsync(TenantId tenant, QueryDefinition query, int count, CancellationToken cancellationToken) => CosmosAnswers.CallAsync(async () =>
    {
        var found = new List<FoundItem>();
        using var pages = _container.GetItemQueryStreamIterator(
            query, requestOptions: new QueryRequestOptions { PartitionKey = Partition(tenant), MaxItemCount = count, MaxConcurrency = 1 });
        while (pages.HasMoreResults && found.Count < count)
        {
            using var response = await pages.ReadNextAsync(cancellationToken);
            _answers.Check(response, "query");
            using var document = await JsonDocument.ParseAsync(response.Content, Deep, cancellationToken);
            found.AddRange(document.RootElement.GetProperty("Documents").EnumerateArray().Select(Found));
        }

        return found.Count > count ? found[..count] : found;
    });

    /// <summary>All of the writes or none.</summary>
    /// <returns>Whether they were done; false when an item was not as a write demands.</returns>
    public Task<bool> WriteAsync(TenantId tenant, IReadOnlyList<ItemWrite> writes, CancellationToken cancellationToken) =>
        CosmosAnswers.CallAsync(() => writes.Count == 1 ? WriteOneAsync(tenant, writes[0], cancellationToken) : WriteBatchAsync(tenant, writes, cancellationToken));

    /// <summary>Several writes as one batch of the partition.</summary>
    protected virtual async Task<bool> WriteBatchAsync(TenantId tenant, IReadOnlyList<ItemWrite> writes, CancellationToken cancellationToken)
    {
        var batch = _container.CreateTransactionalBatch(Partition(tenant));
        foreach (var write in writes)
        {
            var only = new TransactionalBatchItemRequestOptions { IfMatchEtag = write.Stamp, EnableContentResponseOnWrite = false };
            _ = write.Action switch
            {
                ItemAction.Create => batch.CreateItemStream(new MemoryStream(write.Item), only),
                ItemAction.Replace => batch.ReplaceItemStream(write.Id, new MemoryStream(write.Item), only),
                ItemAction.Upsert => batch.UpsertItemStream(new MemoryStream(write.Item), only),
                _ => batch.DeleteItem(write.Id, only),
            };
        }

        using var response = await batch.ExecuteAsync(cancellationToken);
        return _answers.Check(response);
    }

    private async Task<bool> WriteOneAsync(TenantId tenant, ItemWrite write, CancellationToken cancellationToken)
    {
        var partition = Partition(tenant);
        var only = write.Stamp is null ? NoContent : new ItemRequestOptions { IfMatchEtag = write.Stamp, EnableContentResponseOnWrite = false };
        using var item = new MemoryStream(write.Item);
        using var response = await (write.Action switch
        {
            ItemAction.Create => _container.CreateItemStreamAsync(item, partition, only, cancellationToken),
            ItemAction.Replace => _container.ReplaceItemStreamAsync(item, write.Id, partition, only, cancellationToken),
            ItemAction.Upsert => _container.UpsertItemStreamAsync(item, partition, only, cancellationToken),
            _ => _container.DeleteItemStreamAsync(write.Id, partition, only, cancellationToken),
        });
        return !_answers.Check(response, "write", CosmosAnswers.Conflicts);
    }

    private static PartitionKey Partition(TenantId tenant) => new(tenant.Value);

    private static FoundItem Found(JsonElement item) => new(item.Clone(), item.GetProperty("_etag").GetString()!);
}
