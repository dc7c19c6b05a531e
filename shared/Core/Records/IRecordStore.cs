using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Records;

/// <summary>Records of tenants that stand alone and expire: nothing is ever written together with one, and nobody looks for one but by its name.</summary>
/// <remarks>What is written in one batch with other documents belongs into <see cref="IDocumentStore"/> (docs/adr/0019). Outages are <see cref="Storage.StorageUnavailableException"/>.</remarks>
public interface IRecordStore
{
    /// <summary>A record; null when there is none or its time has passed.</summary>
    Task<StoredDocument?> FindAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken);

    /// <summary>Writes a record when the condition holds.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="key">Its name.</param>
    /// <param name="json">Its content, UTF-8 JSON, at most <see cref="BatchLimits.Bytes"/>.</param>
    /// <param name="condition"><see cref="Precondition.Absent"/> or <see cref="Precondition.Match"/>.</param>
    /// <param name="expiresAt">From then on it is not there.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The new ETag; null when the condition did not hold.</returns>
    Task<string?> PutAsync(TenantId tenant, DocumentKey key, ReadOnlyMemory<byte> json, Precondition condition, DateTimeOffset expiresAt, CancellationToken cancellationToken);
}

/// <summary>Records among the documents: where one store does for all.</summary>
internal sealed class DocumentRecordStore(IDocumentStore documents) : IRecordStore
{
    public Task<StoredDocument?> FindAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken) => documents.GetAsync(tenant, key, cancellationToken);

    public async Task<string?> PutAsync(
        TenantId tenant, DocumentKey key, ReadOnlyMemory<byte> json, Precondition condition, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var put = new DocumentWrite.Put(key, json, []) { Condition = condition, ExpiresAt = expiresAt };
        var result = await documents.CommitAsync(tenant, [put], cancellationToken);
        return result.Committed ? result.ETags[0] : null;
    }
}
