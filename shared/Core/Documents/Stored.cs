using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Documents;

/// <summary>A document with the version in which it was read.</summary>
/// <param name="Value">Its content.</param>
/// <param name="ETag">Its version.</param>
public sealed record Stored<T>(T Value, string ETag);

/// <summary>Reads typed documents.</summary>
public static class TypedDocuments
{
    /// <summary>One document; null when there is none.</summary>
    public static async Task<Stored<T>?> ReadAsync<T>(
        this IDocumentStore store, TenantId tenant, DocumentKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var document = await store.GetAsync(tenant, key, cancellationToken);
        return document is null ? null : document.As<T>();
    }

    /// <summary>The content of a document with its version.</summary>
    public static Stored<T> As<T>(this StoredDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new Stored<T>(DocumentJson.Deserialize<T>(document.Json), document.ETag);
    }

    /// <summary>Every document that a query finds, page after page.</summary>
    public static async IAsyncEnumerable<Stored<T>> ReadAllAsync<T>(
        this IDocumentStore store, TenantId tenant, DocumentQuery query,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(query);
        do
        {
            var page = await store.QueryAsync(tenant, query, cancellationToken);
            foreach (var document in page.Documents)
            {
                yield return document.As<T>();
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }
}
