using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Transactions;

/// <summary>Makes the proofs that a transaction needs and binds it. An unshielded transfer needs none.</summary>
public sealed class ProveTransaction(IDocumentStore store, ILedger ledger, IUnitOfWork unit, ChangeTransaction change)
    : IStep<TransactionRef, TransactionStanding>
{
    /// <inheritdoc/>
    public async Task<TransactionStanding> RunAsync(StepKey key, TransactionRef input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await store.ReadAsync<Transaction>(input.Tenant, Transaction.Key(input.TransactionId), cancellationToken);
            var transaction = stored!.Value;
            var bytes = await store.ReadAsync<SignedTransaction>(input.Tenant, SignedTransaction.Key(input.TransactionId), cancellationToken);
            if (transaction.Status is not TransactionStatus.Proving || bytes!.Value.Bound is not null)
            {
                return TransactionStanding.Of(transaction);
            }

            var bound = await ledger.FinishAsync(new BuiltTransaction(bytes.Value.Built, bytes.Value.ProofsRequired), cancellationToken);
            if (!bound.IsSuccess)
            {
                await change.RunAsync(input, TransactionAction.Fail, current => current with { Error = bound.Error.Message }, cancellationToken);
                return TransactionStanding.Of(await store.RequireAsync(input, cancellationToken));
            }

            var proved = transaction with
            {
                Hash = bound.Value.Hash,
                Identifiers = bound.Value.Identifiers,
                Work = transaction.Work! with { Earlier = [.. transaction.Work.Earlier, .. transaction.Identifiers] },
            };
            var batch = new Batch()
                .Put(
                    SignedTransaction.Key(transaction.Id), bytes.Value with { Bound = bound.Value.Bytes }, Precondition.Match(bytes.ETag), [],
                    transaction.Work!.Ttl + SignedTransaction.KeptFor)
                .Put(Transaction.Key(transaction.Id), proved, Precondition.Match(stored.ETag), TransactionDocuments.Indexes(proved));
            if ((await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed)
            {
                return TransactionStanding.Of(proved);
            }
        }
    }
}
