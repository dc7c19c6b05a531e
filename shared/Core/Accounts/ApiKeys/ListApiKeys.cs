using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Accounts.ApiKeys;

/// <summary>Lists a tenant's keys, newest first.</summary>
public sealed class ListApiKeys(IDocumentStore documents)
{
    /// <summary>A page of them.</summary>
    public async Task<(IReadOnlyList<ApiKey> Keys, string? Continuation)> RunAsync(TenantId tenant, int limit, string? continuation, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery(ApiKey.Kind) { Descending = true, Limit = limit, Continuation = continuation };
        var page = await documents.QueryAsync(tenant, query, cancellationToken);
        return ([.. page.Documents.Select(static document => document.As<ApiKey>().Value)], page.Continuation);
    }
}
