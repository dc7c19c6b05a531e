using MidnightOS.Core.Concurrency;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs;
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
    public Task<Result<Transaction>> RunAsync(
        TransactionRef reference, TransactionAction action, Func<Transaction, Transaction>? change, CancellationToken cancellationToken) =>
        RunAsync(reference, action, change, only: null, cancellationToken);

    /// <summary>Applies an action in one state only.</summary>
    /// <param name="reference">The transaction.</param>
    /// <param name="action">What happens.</param>
    /// <param name="change">Further changes of the record, on the record with its new state; null for none.</param>
    /// <param name="only">The state in which it may happen; null for every state that allows the action.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The record after, or <c>NOT_FOUND</c>, <c>INVALID_STATE</c>.</returns>
    public async Task<Result<Transaction>> RunAsync(
        TransactionRef reference, TransactionAction action, Func<Transaction, Transaction>? change, TransactionStatus? only, CancellationToken cancellationToken)
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

            if (TransactionTransitions.Next(stored.Value.Status, action) is not { } next || (only is { } one && one != stored.Value.Status))
            {
                return new Error(ErrorCodes.InvalidState, $"The transaction is {Words.Of(stored.Value.Status)}; that is not possible now.");
            }

            var moved = Move(stored.Value, next);
            moved = change is null ? moved : change(moved);
            var batch = new Batch();
            if (TransactionTransitions.IsFinal(next))
            {
                moved = await EndAsync(reference.Tenant, moved, batch, cancellationToken);
            }

            TransactionBatch.Put(batch, moved, Precondition.Match(stored.ETag), action);
            if ((await unit.CommitAsync(reference.Tenant, batch, cancellationToken)).Committed)
            {
                TransactionTelemetry.Moved(stored.Value, moved, time.GetUtcNow());
                return moved;
            }
        }
    }

    private Transaction Move(Transaction transaction, TransactionStatus next) => transaction with
    {
        Status = next,
        History = [.. transaction.History, new TransactionMoment(next, time.GetUtcNow())],
    };

    private async Task<Transaction> EndAsync(TenantId tenant, Transaction transaction, Batch batch, CancellationToken cancellationToken)
    {
        if (transaction.Work is not { } work)
        {
            return transaction;
        }

        var book = await store.ReadAsync<WalletBook>(tenant, WalletBook.Key(transaction.BotId), cancellationToken)
            ?? throw new InvalidOperationException($"The book of {transaction.BotId} is not stored.");
        var after = transaction.Status is TransactionStatus.Confirmed
            ? Reservation.Spend(book.Value, transaction, work)
            : Reservation.Release(book.Value, transaction, work);
        if (after != book.Value)
        {
            batch.Put(WalletBook.Key(transaction.BotId), after, Precondition.Match(book.ETag), []);
        }

        var freed = await CoinQueue.FreeAsync(store, tenant, transaction, batch, cancellationToken);
        await CoinQueue.WakeAsync(store, tenant, transaction.BotId, transaction.Id, freed, batch, cancellationToken);
        return transaction with { Work = work with { Reserved = false, Coins = [], WaitsForCoin = false } };
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

        // Its flow waits for a proof, not for word of the record.
        if (transaction.Type is TransactionType.ContractCall && action is TransactionAction.Cancel)
        {
            batch.RaiseFlowEvent(transaction.Id, ProofFlowEvents.Ended, "");
        }

        if (transaction.Work?.SweepFlow is { } sweep && TransactionTransitions.IsFinal(transaction.Status))
        {
            batch.RaiseFlowEvent(sweep, TransactionFlowNames.Changed, transaction.Status);
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
