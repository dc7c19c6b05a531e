using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Bots;

/// <summary>Reads bots: one, or the tenant's, newest first.</summary>
public sealed class ReadBots(IDocumentStore store)
{
    /// <summary>One bot with its version.</summary>
    public async Task<Result<Stored<Bot>>> FindAsync(TenantId tenant, string id, CancellationToken cancellationToken) =>
        await store.FindBotAsync(tenant, id, cancellationToken) is { } bot ? bot : Error.NotFound("bot");

    /// <summary>A page of the tenant's bots, newest first.</summary>
    public async Task<(IReadOnlyList<Bot> Bots, string? Continuation)> ListAsync(
        TenantId tenant, int limit, string? continuation, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery(Bot.Kind) { Descending = true, Limit = limit, Continuation = continuation };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        return ([.. page.Documents.Select(static document => document.As<Bot>().Value)], page.Continuation);
    }
}
