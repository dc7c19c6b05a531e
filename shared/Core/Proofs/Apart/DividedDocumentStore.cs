using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs.Apart;

/// <summary>The documents of proofs in a store of their own, all others in another.</summary>
/// <param name="platform">All others; null for an app that has no right on them.</param>
/// <param name="proofs">Those of <see cref="ProofArea"/>.</param>
public sealed class DividedDocumentStore(IDocumentStore? platform, IDocumentStore proofs) : IDocumentStore
{
    /// <inheritdoc/>
    public Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken) => Of(key.Kind).GetAsync(tenant, key, cancellationToken);

    /// <inheritdoc/>
    public Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Of(query.Kind).QueryAsync(tenant, query, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch writes into both stores, or into one that the app has no right on.</exception>
    public Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var stores = writes.Select(write => Of(write.Key.Kind)).Distinct().ToList();
        return stores switch
        {
            [] => proofs.CommitAsync(tenant, writes, cancellationToken),
            [var store] => store.CommitAsync(tenant, writes, cancellationToken),
            _ => throw new InvalidOperationException("A batch cannot write documents of proofs and others."),
        };
    }

    private IDocumentStore Of(string kind) => ProofArea.HasDocuments(kind)
        ? proofs
        : platform ?? throw new InvalidOperationException($"This app has no right on documents of the kind {kind}.");
}
