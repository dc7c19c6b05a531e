using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>What a look at the chain found.</summary>
/// <param name="Status">The transaction's state after.</param>
/// <param name="Resubmit">Whether the same bytes should be given to a node again.</param>
public sealed record CheckOutcome(TransactionStatus Status, bool Resubmit);

/// <summary>Looks for a submitted transaction on the chain: settles it, fails it, or, when its time to live has passed in chain time and the indexer does not
/// have it, lets it be built anew or expire.</summary>
public sealed class CheckTransaction(
    IDocumentStore store, IChainIndexer indexer, SyncWallet sync, ChangeTransaction change, IOptions<TransactionOptions> options)
    : IStep<TransactionRef, CheckOutcome>
{
    private const string Late = "No block took it in time.";
    private const string LateAfterRestore = Late + " The platform was restored from a backup after it was signed, and it may have been signed anew and paid: look at the wallet before you send it again.";

    /// <inheritdoc/>
    public async Task<CheckOutcome> RunAsync(StepKey key, TransactionRef input, CancellationToken cancellationToken)
    {
        var transaction = await store.RequireAsync(input, cancellationToken);
        if (transaction.Status is not TransactionStatus.Submitted)
        {
            return new CheckOutcome(transaction.Status, Resubmit: false);
        }

        // The tip is read first: what a block up to it holds, the look-up after it finds.
        var tip = await indexer.GetTipAsync(cancellationToken);
        var found = await indexer.FindAsync(transaction.Identifiers[0], cancellationToken);
        if (found is null)
        {
            return tip.Time > transaction.Work!.Ttl ? await OutlivedAsync(input, transaction, cancellationToken)
                : new CheckOutcome(transaction.Status, Resubmit: true);
        }

        // A transfer is one offer, wholly in the guaranteed or wholly in the fallible section: partial success means that it was not paid.
        if (found.Status is not ChainResult.Success)
        {
            return await MoveAsync(input, TransactionAction.Fail, Refused(transaction), cancellationToken);
        }

        // It moves no coins, so no book has to learn of it.
        if (transaction.Type is TransactionType.ContractCall)
        {
            return await MoveAsync(input, TransactionAction.Settle, current => current.In(found), cancellationToken);
        }

        await sync.RunAsync(input.Tenant, input.BotId, cancellationToken);
        var book = await store.ReadAsync<WalletBook>(input.Tenant, WalletBook.Key(input.BotId), cancellationToken);
        return book?.Value.LastTransactionId >= found.Id
            ? await MoveAsync(input, TransactionAction.Settle, current => current.In(found), cancellationToken)
            : await StandingAsync(input, cancellationToken);
    }

    private static string Refused(Transaction transaction) => transaction.Type is TransactionType.ContractCall
        ? "The ledger refused it in a block: the contract's state did not fit any more. It had no effect."
        : "The ledger refused it in a block; nothing was paid.";

    // The book is read up to the chain before the transfer is built anew: a second way to learn of the first attempt, should the look-up lag behind the tip.
    private async Task<CheckOutcome> OutlivedAsync(TransactionRef input, Transaction transaction, CancellationToken cancellationToken)
    {
        if (transaction.Type is TransactionType.ContractCall)
        {
            // What it did would be in no book of ours, so it is not built a second time.
            return await MoveAsync(input, TransactionAction.Expire, Late, cancellationToken);
        }

        await sync.RunAsync(input.Tenant, input.BotId, cancellationToken);
        var (last, attempt) = (transaction.Work!.LastAttempt, transaction.Work.Attempt);
        return !last && attempt < options.Value.MaxAttempts
            ? await MoveAsync(input, TransactionAction.Rebuild, static current => current with { Error = null }, cancellationToken)
            : await MoveAsync(input, TransactionAction.Expire, last ? LateAfterRestore : Late, cancellationToken);
    }

    private Task<CheckOutcome> MoveAsync(TransactionRef input, TransactionAction action, string error, CancellationToken cancellationToken) =>
        MoveAsync(input, action, current => current with { Error = error }, cancellationToken);

    // Only what is still submitted is moved: syncing has settled it in the same batch with the book, unless the book had that block already.
    private async Task<CheckOutcome> MoveAsync(
        TransactionRef input, TransactionAction action, Func<Transaction, Transaction> facts, CancellationToken cancellationToken)
    {
        await change.RunAsync(input, action, facts, TransactionStatus.Submitted, cancellationToken);
        return await StandingAsync(input, cancellationToken);
    }

    private async Task<CheckOutcome> StandingAsync(TransactionRef input, CancellationToken cancellationToken) =>
        new((await store.RequireAsync(input, cancellationToken)).Status, Resubmit: false);
}
