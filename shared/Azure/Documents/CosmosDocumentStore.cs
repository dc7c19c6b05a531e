using System.Security.Cryptography;
using Microsoft.Azure.Cosmos;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Azure.Documents;

/// <summary>Documents in Cosmos DB: one container, the tenant is the partition.</summary>
internal sealed class CosmosDocumentStore(CosmosItems items, TimeProvider time) : IDocumentStore
{
    private static readonly DocumentKey ContinuationKey = new("store", "continuation");

    private byte[]? _continuationKey;

    public async Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken)
    {
        if (!DocumentRules.MayExist(key))
        {
            return null;
        }

        var found = await items.ReadAsync(tenant, CosmosItem.Id(key), cancellationToken);
        return found is not null && found.IsLive(time.GetUtcNow()) ? new StoredDocument(key, found.Body, found.Version) : null;
    }

    public async Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken)
    {
        DocumentRules.Check(query);
        var key = await ContinuationKeyAsync(cancellationToken);
        var from = query.Continuation is null ? null : ContinuationToken.Read(key, tenant, query);

        // One more than the limit, which tells whether another page follows.
        var found = await items.QueryAsync(tenant, DocumentPages.Statement(tenant, query, from, time.GetUtcNow()), query.Limit + 1, cancellationToken);
        var documents = found.Take(query.Limit).Select(item => ToDocument(query, item)).ToList();
        var more = found.Count > query.Limit;
        return new DocumentPage(documents, more ? ContinuationToken.Write(key, tenant, query, DocumentPages.Position(query, found[query.Limit - 1])) : null);
    }

    public Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        DocumentRules.Check(writes);
        _ = tenant.Value;
        return new CosmosCommit(items, tenant, time.GetUtcNow(), writes).RunAsync(cancellationToken);
    }

    private static StoredDocument ToDocument(DocumentQuery query, FoundItem item) =>
        new(new DocumentKey(query.Kind, CosmosItem.DocumentId(query.Kind, item.Id)), item.Body, item.Version);

    // All hosts sign with one key; whoever comes first makes it.
    private async Task<byte[]> ContinuationKeyAsync(CancellationToken cancellationToken)
    {
        if (_continuationKey is not null)
        {
            return _continuationKey;
        }

        var made = new DocumentWrite.Put(ContinuationKey, DocumentJson.Serialize(new Secret(RandomNumberGenerator.GetBytes(32))), []) { Condition = Precondition.Absent };
        var stored = await GetAsync(TenantId.Platform, ContinuationKey, cancellationToken);
        if (stored is null)
        {
            await CommitAsync(TenantId.Platform, [made], cancellationToken);
            stored = await GetAsync(TenantId.Platform, ContinuationKey, cancellationToken);
        }

        return _continuationKey = DocumentJson.Deserialize<Secret>(stored!.Json).Value;
    }

    private sealed record Secret(byte[] Value);
}
