using MidnightOS.Core.Bots;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Transactions;

/// <summary>Reads transactions: one, or a bot's, newest first.</summary>
public sealed class ReadTransactions(IDocumentStore store)
{
    /// <summary>One transaction.</summary>
    public async Task<Result<Transaction>> FindAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync<Transaction>(tenant, Transaction.Key(id), cancellationToken);
        return stored is null ? Error.NotFound("transaction") : stored.Value;
    }

    /// <summary>A page of a bot's transactions, newest first.</summary>
    public async Task<Result<(IReadOnlyList<Transaction> Transactions, string? Continuation)>> ListAsync(
        TenantId tenant, string botId, int limit, string? continuation, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(tenant, Bot.Key(botId), cancellationToken) is null)
        {
            return Error.NotFound("bot");
        }

        var query = new DocumentQuery(Transaction.Kind, TransactionDocuments.ByBot, botId) { Descending = true, Limit = limit, Continuation = continuation };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        return ([.. page.Documents.Select(static document => document.As<Transaction>().Value)], page.Continuation);
    }
}
