using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>Transfers that wait for a coin, the oldest first.</summary>
internal static class CoinQueue
{
    /// <summary>The most transfers that one change wakes: it keeps a batch small.</summary>
    public const int MostWoken = 20;

    /// <summary>Tells the first who wait that coins may be free: one for each coin.</summary>
    public static async Task WakeAsync(
        IDocumentStore store, TenantId tenant, string botId, string except, int coins, Batch batch, CancellationToken cancellationToken)
    {
        if (coins == 0)
        {
            return;
        }

        var query = new DocumentQuery(Transaction.Kind, TransactionDocuments.Waiting, botId) { Limit = Math.Min(coins + 1, MostWoken) };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        foreach (var waiting in page.Documents.Where(document => document.Key.Id != except).Take(coins))
        {
            batch.RaiseFlowEvent(waiting.Key.Id, TransactionFlowNames.CoinFree, coins);
        }
    }

    /// <summary>Passes the word on to the one who has waited less long than this one.</summary>
    public static async Task WakeNextAsync(
        IDocumentStore store, TenantId tenant, Transaction transaction, int coins, Batch batch, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery(Transaction.Kind, TransactionDocuments.Waiting, transaction.BotId) { After = transaction.Id, Limit = 1 };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        foreach (var next in page.Documents)
        {
            batch.RaiseFlowEvent(next.Key.Id, TransactionFlowNames.CoinFree, coins);
        }
    }

    /// <summary>Frees the coins that a transfer still holds.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> FreeAsync(IDocumentStore store, TenantId tenant, Transaction transaction, Batch batch, CancellationToken cancellationToken)
    {
        var freed = 0;
        foreach (var id in transaction.Work!.Coins)
        {
            var key = WalletCoin.Key(transaction.BotId, id);
            var coin = await store.ReadAsync<WalletCoin>(tenant, key, cancellationToken);
            if (coin?.Value.LockedBy == transaction.Id)
            {
                var free = coin.Value with { LockedBy = null };
                batch.Put(key, free, Precondition.Match(coin.ETag), free.Indexes());
                freed++;
            }
        }

        return freed;
    }
}
