using MidnightOS.Core.Concurrency;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>Moves a transaction along its state machine, with everything that belongs to the move, in one batch: the reservation and the coins of one that
/// ends go back, those who wait for a coin are woken, and the event is told.</summary>
public sealed class ChangeTransaction(IDocumentStore store, IUnitOfWork unit, WalletLocks locks, TimeProvider time)
{
    /// <summary>Applies an action.</summary>
    /// <param name="reference">The transaction.</param>
    /// <param name="action">What happens.</param>
    /// <param name="change">Further changes of the record, on the record with its new state; null for none.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The record after, or <c>NOT_FOUND</c>, <c>INVALID_STATE</c>.</returns>
    public async Task<Result<Transaction>> RunAsync(
        TransactionRef reference, TransactionAction action, Func<Transaction, Transaction>? change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        using var held = await locks.EnterAsync(reference.Tenant, reference.BotId, cancellationToken);
        while (true)
        {
            var stored = await store.ReadAsync<Transaction>(reference.Tenant, Transaction.Key(reference.TransactionId), cancellationToken);
            if (stored is null)
            {
                return Error.NotFound("transaction");
            }

            if (TransactionTransitions.Next(stored.Value.Status, action) is not { } next)
            {
                return new Error(ErrorCodes.InvalidState, $"The transaction is {Words.Of(stored.Value.Status)}; that is not possible any more.");
            }

            var moved = Move(stored.Value, next);
            moved = change is null ? moved : change(moved);
            var batch = new Batch();
            if (TransactionTransitions.IsFinal(next))
            {
                moved = await GiveBackAsync(reference.Tenant, moved, batch, cancellationToken);
            }

            TransactionBatch.Put(batch, moved, Precondition.Match(stored.ETag), action);
            if ((await unit.CommitAsync(reference.Tenant, batch, cancellationToken)).Committed)
            {
                return moved;
            }
        }
    }

    private Transaction Move(Transaction transaction, TransactionStatus next) => transaction with
    {
        Status = next,
        History = [.. transaction.History, new TransactionMoment(next, time.GetUtcNow())],
    };

    private async Task<Transaction> GiveBackAsync(TenantId tenant, Transaction transaction, Batch batch, CancellationToken cancellationToken)
    {
        if (transaction.Work is not { } work)
        {
            return transaction;
        }

        await ReleaseAsync(tenant, transaction, work, batch, cancellationToken);
        var freed = await UnlockAsync(tenant, transaction, work, batch, cancellationToken);
        await CoinQueue.WakeAsync(store, tenant, transaction.BotId, transaction.Id, freed, batch, cancellationToken);
        return transaction with { Work = work with { Reserved = false, Coins = [], WaitsForCoin = false } };
    }

    private async Task ReleaseAsync(TenantId tenant, Transaction transaction, TransferWork work, Batch batch, CancellationToken cancellationToken)
    {
        if (!work.Reserved)
        {
            return;
        }

        var book = await store.ReadAsync<WalletBook>(tenant, WalletBook.Key(transaction.BotId), cancellationToken)
            ?? throw new InvalidOperationException($"The book of {transaction.BotId} is not stored.");
        var released = Reservation.Release(book.Value, transaction, work, countsAsSpent: false);
        batch.Put(WalletBook.Key(transaction.BotId), released, Precondition.Match(book.ETag), []);
    }

    private async Task<int> UnlockAsync(TenantId tenant, Transaction transaction, TransferWork work, Batch batch, CancellationToken cancellationToken)
    {
        var freed = 0;
        foreach (var id in work.Coins)
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

/// <summary>The part of a batch that every change of a transaction has.</summary>
internal static class TransactionBatch
{
    /// <summary>Stores the record, tells the tenant's stream, and tells the flows that wait for it.</summary>
    public static void Put(Batch batch, Transaction transaction, Precondition condition, TransactionAction? action)
    {
        batch.Put(Transaction.Key(transaction.Id), transaction, condition, TransactionDocuments.Indexes(transaction));
        batch.Publish(EventTypes.Transaction, transaction.Id, TransactionView.Of(transaction));

        // The flow itself makes the other moves and needs no word of them.
        if (action is TransactionAction.Confirm or TransactionAction.Approve or TransactionAction.Reject or TransactionAction.Cancel or TransactionAction.Settle)
        {
            batch.RaiseFlowEvent(transaction.Id, TransactionFlowNames.Changed, transaction.Status);
        }

        if (transaction.Work?.SweepFlow is { } sweep && TransactionTransitions.IsFinal(transaction.Status))
        {
            batch.RaiseFlowEvent(sweep, TransactionFlowNames.Changed, transaction.Status);
        }
    }
}

/// <summary>The arithmetic of a reservation in the book.</summary>
internal static class Reservation
{
    /// <summary>Takes a transfer's amount out of what is reserved.</summary>
    public static WalletBook Release(WalletBook book, Transaction transaction, TransferWork work, bool countsAsSpent)
    {
        var holding = book.Of(transaction.TokenType);
        var released = book.With(transaction.TokenType, holding with { Reserved = holding.Reserved - transaction.Amount });
        return countsAsSpent || work.CountedOn is not { } day || day != book.Day
            ? released
            : released with { SpentOnDay = released.SpentOnDay - transaction.Amount };
    }
}

/// <summary>Transfers that wait for a coin, the oldest first.</summary>
internal static class CoinQueue
{
    /// <summary>Tells the first who wait that coins may be free: one for each coin.</summary>
    public static async Task WakeAsync(
        IDocumentStore store, TenantId tenant, string botId, string except, int coins, Batch batch, CancellationToken cancellationToken)
    {
        if (coins == 0)
        {
            return;
        }

        var query = new DocumentQuery(Transaction.Kind, TransactionDocuments.Waiting, botId) { Limit = Math.Min(coins + 1, 20) };
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
        if (coins == 0)
        {
            return;
        }

        var query = new DocumentQuery(Transaction.Kind, TransactionDocuments.Waiting, transaction.BotId) { After = transaction.Id, Limit = 1 };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        foreach (var next in page.Documents)
        {
            batch.RaiseFlowEvent(next.Key.Id, TransactionFlowNames.CoinFree, coins);
        }
    }
}

/// <summary>States in the words of a sentence.</summary>
internal static class Words
{
    public static string Of(TransactionStatus status) => status switch
    {
        TransactionStatus.AwaitingConfirmation => "waiting for confirmation",
        TransactionStatus.AwaitingApproval => "waiting for approval",
        _ => status.ToString().ToLowerInvariant(),
    };
}
