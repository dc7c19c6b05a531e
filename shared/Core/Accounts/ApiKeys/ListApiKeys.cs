using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Accounts.ApiKeys;

/// <summary>Lists a tenant's keys, newest first.</summary>
public sealed class ListApiKeys(IDocumentStore documents, ApiKeyUses uses)
{
    /// <summary>A page of them, each with the day on which it was last used.</summary>
    public async Task<(IReadOnlyList<ApiKey> Keys, string? Continuation)> RunAsync(TenantId tenant, int limit, string? continuation, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery(ApiKey.Kind) { Descending = true, Limit = limit, Continuation = continuation };
        var page = await documents.QueryAsync(tenant, query, cancellationToken);
        var keys = await Task.WhenAll(page.Documents.Select(async document =>
        {
            var key = document.As<ApiKey>().Value;
            return key with { LastUsedOn = await uses.FindAsync(tenant, key.Id, cancellationToken) ?? key.LastUsedOn };
        }));
        return (keys, page.Continuation);
    }
}
