using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Wallets;

/// <summary>Writes what the chain says about a wallet into its book: coins, totals, the transfer that it settles or the record of a transfer that came in.
/// It is the only place that learns money facts from the chain.</summary>
/// <remarks>
/// One batch holds the coins, the book, the transaction's new state and the release of its reservation, so no reader ever sees a total without the coins that it
/// counts, or an amount both spent and reserved. The book's last transaction id makes a repeated delivery harmless.
/// </remarks>
public sealed class ApplyChainTransaction(IDocumentStore store, IUnitOfWork unit, WalletLocks locks, RecordTransfer record, TimeProvider time)
{
    // Coins in the main batch; the rest of it is for the book, transactions and outbox records. Larger transactions write coins ahead.
    private const int CoinsPerBatch = 60;

    /// <summary>Applies a transaction once.</summary>
    public async Task RunAsync(TenantId tenant, Wallet wallet, AddressTransaction seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wallet);
        ArgumentNullException.ThrowIfNull(seen);
        using var held = await locks.EnterAsync(tenant, wallet.BotId, cancellationToken);
        while (true)
        {
            var book = await store.ReadAsync<WalletBook>(tenant, WalletBook.Key(wallet.BotId), cancellationToken);
            if (book is null || seen.Transaction.Id <= book.Value.LastTransactionId)
            {
                return;
            }

            var batch = new Batch();
            var after = Count(book.Value, seen);
            var own = await SettleAsync(tenant, wallet, seen, batch, cancellationToken);
            if (own is null)
            {
                await record.RunAsync(tenant, wallet, seen, batch, cancellationToken);
            }
            else
            {
                after = Reservation.Spend(after, own.Before, own.Before.Work!);
            }

            await MoveCoinsAsync(tenant, wallet, seen, batch, cancellationToken);
            await CoinQueue.WakeAsync(store, tenant, wallet.BotId, own?.Before.Id ?? "", seen.Created.Count, batch, cancellationToken);
            batch.Put(WalletBook.Key(wallet.BotId), after, Precondition.Match(book.ETag), []);
            if ((await unit.CommitAsync(tenant, batch, cancellationToken)).Committed)
            {
                own?.Tell(time.GetUtcNow());
                return;
            }
        }
    }

    private WalletBook Count(WalletBook book, AddressTransaction seen)
    {
        var after = book with { LastTransactionId = seen.Transaction.Id, SyncedAt = time.GetUtcNow() };
        after = seen.Created.Aggregate(after, static (current, coin) =>
        {
            var holding = current.Of(coin.TokenType);
            return current.With(coin.TokenType, holding with { Total = holding.Total + coin.Value, Coins = holding.Coins + 1 });
        });
        return seen.Spent.Aggregate(after, static (current, coin) =>
        {
            var holding = current.Of(coin.TokenType);
            return current.With(coin.TokenType, holding with { Total = holding.Total - coin.Value, Coins = holding.Coins - 1 });
        });
    }

    /// <summary>Moves the transfer of ours that this transaction is to confirmed, whichever of its attempts it is and whatever was thought of it here.</summary>
    /// <returns>The transfer before and after; null when it is none of ours.</returns>
    private async Task<Settlement?> SettleAsync(
        TenantId tenant, Wallet wallet, AddressTransaction seen, Batch batch, CancellationToken cancellationToken)
    {
        var stored = seen.Spent.Count == 0 ? null : await FindOwnAsync(tenant, wallet, seen.Transaction, cancellationToken);
        if (stored is null || TransactionTransitions.Next(stored.Value.Status, TransactionAction.Settle) is not { } next)
        {
            return null;
        }

        var settled = stored.Value.In(seen.Transaction) with
        {
            Status = next,
            Identifiers = seen.Transaction.Identifiers,
            History = [.. stored.Value.History, new TransactionMoment(next, time.GetUtcNow())],
            Work = stored.Value.Work! with { Reserved = false, Coins = [], WaitsForCoin = false },
        };
        TransactionBatch.Put(batch, settled, Precondition.Match(stored.ETag), TransactionAction.Settle);
        return new Settlement(stored.Value, settled);
    }

    private async Task<Stored<Transaction>?> FindOwnAsync(TenantId tenant, Wallet wallet, ChainTransaction chain, CancellationToken cancellationToken)
    {
        foreach (var identifier in chain.Identifiers)
        {
            var query = new DocumentQuery(Transaction.Kind, TransactionDocuments.ByIdentifier, identifier) { Limit = 1 };
            var page = await store.QueryAsync(tenant, query, cancellationToken);
            if (page.Documents.Count > 0 && page.Documents[0].As<Transaction>() is var found && found.Value.BotId == wallet.BotId)
            {
                return found;
            }
        }

        return null;
    }

    private async Task MoveCoinsAsync(TenantId tenant, Wallet wallet, AddressTransaction seen, Batch batch, CancellationToken cancellationToken)
    {
        var spentHere = seen.Spent.Take(CoinsPerBatch).ToList();
        var createdHere = seen.Created.Take(CoinsPerBatch - spentHere.Count).ToList();

        // The totals come from the chain's own words, not from counting documents, so coins written ahead do no harm when a crash follows.
        // A coin that is there already may be held by a transfer by now: it stays as it is.
        foreach (var coin in seen.Created.Skip(createdHere.Count))
        {
            await unit.CommitAsync(tenant, Put(new Batch(), wallet, coin, Precondition.Absent), cancellationToken);
        }

        foreach (var coin in seen.Spent.Skip(spentHere.Count))
        {
            await unit.CommitAsync(tenant, new Batch().Delete(WalletCoin.Key(wallet.BotId, coin.Id)), cancellationToken);
        }

        createdHere.ForEach(coin => Put(batch, wallet, coin, Precondition.None));
        spentHere.ForEach(coin => batch.Delete(WalletCoin.Key(wallet.BotId, coin.Id)));
    }

    private static Batch Put(Batch batch, Wallet wallet, Coin coin, Precondition condition)
    {
        var unspent = new WalletCoin(wallet.BotId, coin, LockedBy: null);
        return batch.Put(WalletCoin.Key(wallet.BotId, coin.Id), unspent, condition, unspent.Indexes());
    }

    private sealed record Settlement(Transaction Before, Transaction After)
    {
        public void Tell(DateTimeOffset now) => TransactionTelemetry.Moved(Before, After, now);
    }
}
