using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Contracts;

/// <summary>Builds an accepted call. The bytes are stored with the state that says so, and never built a second time: a call that no block took in time expires.</summary>
public sealed class BuildCall(
    IDocumentStore store, CallPayloads payloads, PrepareCall prepare, JudgeTransfer judge, ChangeTransaction change, IUnitOfWork unit, TimeProvider time)
    : IStep<TransactionRef, TransactionStanding>
{
    private const string Erased = "Its keys and transcript are not here any more. Nothing was done.";

    /// <inheritdoc/>
    public async Task<TransactionStanding> RunAsync(StepKey key, TransactionRef input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = (await store.ReadAsync<Transaction>(input.Tenant, Transaction.Key(input.TransactionId), cancellationToken))!;
            if (stored.Value.Status is TransactionStatus.Requested)
            {
                await change.RunAsync(input, TransactionAction.Build, change: null, TransactionStatus.Requested, cancellationToken);
            }
            else if (stored.Value.Status is not TransactionStatus.Building
                || await BuildAsync(input, stored, cancellationToken))
            {
                return TransactionStanding.Of(await store.RequireAsync(input, cancellationToken));
            }
        }
    }

    /// <returns>Whether it was moved on, or ended; false when it or its bot has changed meanwhile.</returns>
    private async Task<bool> BuildAsync(TransactionRef input, Stored<Transaction> stored, CancellationToken cancellationToken)
    {
        var judgement = await judge.RunAsync(input.Tenant, stored.Value, cancellationToken);
        if (judgement.Refusal is { } reason)
        {
            return await EndAsync(input, TransactionAction.Reject, reason, cancellationToken);
        }

        using var payload = await payloads.ReadAsync(input.Tenant, input.TransactionId, cancellationToken);
        if (payload is null)
        {
            return await EndAsync(input, TransactionAction.Fail, Erased, cancellationToken);
        }

        var built = await prepare.RunAsync(stored.Value.Contract!, payload, cancellationToken);
        if (!built.IsSuccess)
        {
            return await EndAsync(input, TransactionAction.Fail, built.Error.Message, cancellationToken);
        }

        var batch = new Batch();
        var transaction = judgement.Bind(batch, stored.Value);
        var next = TransactionTransitions.Next(transaction.Status, TransactionAction.Prove)!.Value;
        var moved = transaction with
        {
            Status = next,
            History = [.. transaction.History, new TransactionMoment(next, time.GetUtcNow())],
            Work = transaction.Work! with { Attempt = transaction.Work.Attempt + 1, Ttl = built.Value.Ttl },
        };
        var record = await payloads.SealBuiltAsync(input.Tenant, transaction.Id, built.Value.Built.Bytes, cancellationToken);
        var bytes = new SignedTransaction(moved.Work.Attempt, record, built.Value.Built.ProofsRequired, Bound: null);
        batch.Put(SignedTransaction.Key(transaction.Id), bytes, Precondition.None, [], built.Value.Ttl + SignedTransaction.KeptFor);
        TransactionBatch.Put(batch, moved, Precondition.Match(stored.ETag), TransactionAction.Prove);
        return (await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed;
    }

    private async Task<bool> EndAsync(TransactionRef input, TransactionAction action, string reason, CancellationToken cancellationToken)
    {
        await change.RunAsync(input, action, current => current with { Error = reason }, cancellationToken);
        return true;
    }
}
