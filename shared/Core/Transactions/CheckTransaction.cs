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
            return await MoveAsync(input, TransactionAction.Fail, "The ledger refused it in a block; nothing was paid.", cancellationToken);
        }

        await sync.RunAsync(input.Tenant, input.BotId, cancellationToken);
        return new CheckOutcome((await store.RequireAsync(input, cancellationToken)).Status, Resubmit: false);
    }

    private Task<CheckOutcome> OutlivedAsync(TransactionRef input, Transaction transaction, CancellationToken cancellationToken) =>
        transaction.Work!.Attempt < options.Value.MaxAttempts
            ? MoveAsync(input, TransactionAction.Rebuild, error: null, cancellationToken)
            : MoveAsync(input, TransactionAction.Expire, "No block took it in time.", cancellationToken);

    private async Task<CheckOutcome> MoveAsync(TransactionRef input, TransactionAction action, string? error, CancellationToken cancellationToken)
    {
        await change.RunAsync(input, action, current => current with { Error = error }, cancellationToken);
        return new CheckOutcome((await store.RequireAsync(input, cancellationToken)).Status, Resubmit: false);
    }
}
