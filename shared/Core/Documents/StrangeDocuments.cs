using System.Text.Json;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Documents;

/// <summary>Reads documents that somebody who is not trusted may have written (docs/adr/0020).</summary>
internal static class StrangeDocuments
{
    /// <summary>One document. One that is not whole counts as none, so that nobody stumbles over it again and again, and can be written over.</summary>
    /// <param name="store">The store.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="key">Its name.</param>
    /// <param name="isWhole">Whether what was read can have been written by the platform.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>The content, null when there is none that is whole; and the condition on which its place is written.</returns>
    public static async Task<(T? Value, Precondition Place)> ReadStrangeAsync<T>(
        this IDocumentStore store, TenantId tenant, DocumentKey key, Func<T, bool> isWhole, CancellationToken cancellationToken)
        where T : class
    {
        var document = await store.GetAsync(tenant, key, cancellationToken);
        return document is null ? (null, Precondition.Absent) : (Read(document, isWhole), Precondition.Match(document.ETag));
    }

    private static T? Read<T>(StoredDocument document, Func<T, bool> isWhole)
        where T : class
    {
        try
        {
            return document.As<T>().Value is var value && isWhole(value) ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
