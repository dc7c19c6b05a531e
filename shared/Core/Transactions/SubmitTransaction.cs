using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Transactions;

/// <summary>Gives the stored bytes to a node. From the moment before, the transaction cannot be cancelled.</summary>
/// <remarks>
/// Each submission is counted before it is made. Only when the first and only one was refused is it certain that no node has the bytes; otherwise they
/// are waited for until their time to live has passed. A restored copy does not know the submissions that were made since.
/// </remarks>
public sealed class SubmitTransaction(
    IDocumentStore store, IChainNode node, IChainIndexer indexer, IUnitOfWork unit, JudgeTransfer judge, ChangeTransaction change, TimeProvider time)
    : IStep<TransactionRef, TransactionStanding>
{
    // More than two blocks of a live network. What is refused for another reason so shortly before its time ends is refused again when it was built anew.
    private static readonly TimeSpan TipToNextBlock = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task<TransactionStanding> RunAsync(StepKey key, TransactionRef input, CancellationToken cancellationToken)
    {
        var transaction = await CountAsync(input, cancellationToken);
        if (transaction.Status is not TransactionStatus.Submitted)
        {
            return TransactionStanding.Of(transaction);
        }

        var bytes = await store.ReadAsync<SignedTransaction>(input.Tenant, SignedTransaction.Key(input.TransactionId), cancellationToken);
        if (bytes?.Value is not { Bound: { } bound } signed || signed.Attempt != transaction.Work!.Attempt)
        {
            // Another host has built it anew since this one counted: the bytes are not those that were counted.
            return TransactionStanding.Of(await store.RequireAsync(input, cancellationToken));
        }

        var submission = await node.SubmitAsync(bound, cancellationToken);
        if (submission.Outcome is SubmissionOutcome.Busy)
        {
            throw new ChainUnavailableException($"The node takes no transactions now: {submission.Reason}");
        }

        if (submission.Outcome is not SubmissionOutcome.Refused || transaction.Work is not { Submissions: 1, LastAttempt: false }
            || await indexer.FindAsync(transaction.Identifiers[0], cancellationToken) is not null
            || await OutlivedAsync(transaction, cancellationToken))
        {
            return TransactionStanding.Of(transaction);
        }

        await change.RunAsync(
            input, TransactionAction.Fail, current => current with { Error = $"The network refused it: {submission.Reason}" }, cancellationToken);
        return TransactionStanding.Of(await store.RequireAsync(input, cancellationToken));
    }

    // Signed, and then the platform was away for longer than the bytes live: the look at the chain builds it anew. The node goes by its next block, the tip is one before.
    private async Task<bool> OutlivedAsync(Transaction transaction, CancellationToken cancellationToken) =>
        (await indexer.GetTipAsync(cancellationToken)).Time + TipToNextBlock > transaction.Work!.Ttl;

    private async Task<Transaction> CountAsync(TransactionRef input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await store.ReadAsync<Transaction>(input.Tenant, Transaction.Key(input.TransactionId), cancellationToken);
            var transaction = stored!.Value;
            if (transaction.Status is not (TransactionStatus.Proving or TransactionStatus.Submitted))
            {
                return transaction;
            }

            var batch = new Batch();
            var counted = transaction with { Work = transaction.Work! with { Submissions = transaction.Work.Submissions + 1 } };
            if (transaction.Status is TransactionStatus.Proving)
            {
                // The last moment at which a pause or a new limit still stops it.
                var judgement = await judge.RunAsync(input.Tenant, transaction, cancellationToken);
                if (judgement.Refusal is { } reason)
                {
                    await change.RunAsync(input, TransactionAction.Reject, current => current with { Error = reason }, cancellationToken);
                    continue;
                }

                counted = First(judgement.Bind(batch, counted));
                TransactionBatch.Put(batch, counted, Precondition.Match(stored.ETag), TransactionAction.Submit);
            }
            else
            {
                batch.Put(Transaction.Key(counted.Id), counted, Precondition.Match(stored.ETag), TransactionDocuments.Indexes(counted));
            }

            if ((await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed)
            {
                return counted;
            }
        }
    }

    private Transaction First(Transaction transaction) => transaction with
    {
        Status = TransactionTransitions.Next(transaction.Status, TransactionAction.Submit)!.Value,
        History = [.. transaction.History, new TransactionMoment(TransactionStatus.Submitted, time.GetUtcNow())],
    };
}
