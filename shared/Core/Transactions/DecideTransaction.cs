using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Transactions;

/// <summary>A user's decision on a transaction: confirm it or take it back.</summary>
public sealed class DecideTransaction(IDocumentStore store, ChangeTransaction change, TimeProvider time)
{
    /// <summary>Confirms a transaction that waits for it. One that was confirmed before is given back as it is.</summary>
    public async Task<Result<Transaction>> ConfirmAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var transaction = await store.ReadAsync<Transaction>(tenant, Transaction.Key(id), cancellationToken);
        if (transaction is null)
        {
            return Error.NotFound("transaction");
        }

        if (WasConfirmed(transaction.Value))
        {
            return transaction.Value;
        }

        return transaction.Value is { Status: TransactionStatus.AwaitingConfirmation, Work.DecideBy: { } until } && until <= time.GetUtcNow()
            ? new Error(ErrorCodes.InvalidState, "The time to confirm this transaction has passed.")
            : await ChangeAsync(tenant, transaction.Value, cancellationToken);
    }

    /// <summary>Cancels a transaction that was not submitted yet. One that was cancelled before is given back as it is.</summary>
    public async Task<Result<Transaction>> CancelAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var transaction = await store.ReadAsync<Transaction>(tenant, Transaction.Key(id), cancellationToken);
        return transaction is null ? Error.NotFound("transaction")
            : transaction.Value.Status is TransactionStatus.Cancelled ? transaction.Value
            : await change.RunAsync(new TransactionRef(tenant, transaction.Value.BotId, id), TransactionAction.Cancel, change: null, cancellationToken);
    }

    private async Task<Result<Transaction>> ChangeAsync(TenantId tenant, Transaction waiting, CancellationToken cancellationToken)
    {
        var changed = await change.RunAsync(
            new TransactionRef(tenant, waiting.BotId, waiting.Id), TransactionAction.Confirm,
            static current => current with { Work = current.Work! with { DecideBy = null } }, cancellationToken);
        if (changed.IsSuccess)
        {
            return changed;
        }

        // Another confirmation may have come between the look and the change: then this one too has what it asked for.
        var now = await store.ReadAsync<Transaction>(tenant, Transaction.Key(waiting.Id), cancellationToken);
        return now is not null && WasConfirmed(now.Value) ? now.Value : changed;
    }

    private static bool WasConfirmed(Transaction transaction) =>
        transaction.Direction is TransactionDirection.Out
        && transaction.History.Any(static moment => moment.Status is TransactionStatus.AwaitingConfirmation)
        && transaction.Status is not (TransactionStatus.AwaitingConfirmation or TransactionStatus.Cancelled or TransactionStatus.Expired
            or TransactionStatus.Rejected or TransactionStatus.Failed);
}
