using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Transactions;

/// <summary>A transfer to build.</summary>
/// <param name="Transaction">The transfer.</param>
/// <param name="Woken">Whether it was told that a coin is free: if the coin does not do, the word is passed on to the next who waits.</param>
public sealed record BuildInput(TransactionRef Transaction, bool Woken = false);

/// <summary>What became of a build.</summary>
/// <param name="Status">The transaction's state after.</param>
/// <param name="WaitsForCoin">Whether no free coin covers it yet.</param>
/// <param name="Bound">Whether it is ready to submit: there is nothing to prove.</param>
public sealed record BuildOutcome(TransactionStatus Status, bool WaitsForCoin = false, bool Bound = false);

/// <summary>Chooses coins, builds the transfer, signs and binds it. The bytes are stored with the state that says so.</summary>
/// <remarks>Repeated after a crash it goes on with the coins that it holds; bytes that were stored are never built a second time in the same attempt.</remarks>
public sealed class BuildTransaction(
    IDocumentStore store, JudgeTransfer judge, ChooseCoins chooseCoins, ChangeTransaction change, SignTransfer sign, IUnitOfWork unit, TimeProvider time)
    : IStep<BuildInput, BuildOutcome>
{
    /// <inheritdoc/>
    public async Task<BuildOutcome> RunAsync(StepKey key, BuildInput input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var transaction = await store.RequireAsync(input.Transaction, cancellationToken);
            if (transaction.Status is not (TransactionStatus.Requested or TransactionStatus.Building))
            {
                return new BuildOutcome(transaction.Status);
            }

            var judgement = await judge.RunAsync(input.Transaction.Tenant, transaction, cancellationToken);
            if (judgement.Refusal is { } reason)
            {
                return new BuildOutcome(await EndAsync(input.Transaction, TransactionAction.Reject, reason, cancellationToken));
            }

            var coins = await chooseCoins.RunAsync(input.Transaction, input.Woken, cancellationToken);
            if (coins is null)
            {
                var waiting = await store.RequireAsync(input.Transaction, cancellationToken);
                return new BuildOutcome(waiting.Status, waiting.Work!.WaitsForCoin);
            }

            if (await SignAsync(input.Transaction, judgement, coins, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }
    }

    private async Task<TransactionStatus> EndAsync(TransactionRef input, TransactionAction action, string reason, CancellationToken cancellationToken)
    {
        await change.RunAsync(input, action, current => current with { Error = reason }, cancellationToken);
        return (await store.RequireAsync(input, cancellationToken)).Status;
    }

    /// <returns>What became of it; null when the transfer or what it was judged by has changed meanwhile.</returns>
    private async Task<BuildOutcome?> SignAsync(
        TransactionRef input, Judgement judgement, IReadOnlyList<Coin> coins, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync<Transaction>(input.Tenant, Transaction.Key(input.TransactionId), cancellationToken);
        if (stored!.Value.Status is not TransactionStatus.Building)
        {
            return new BuildOutcome(stored.Value.Status);
        }

        var signed = await sign.RunAsync(input.Tenant, stored.Value, coins, cancellationToken);
        if (!signed.IsSuccess)
        {
            return new BuildOutcome(await EndAsync(input, TransactionAction.Fail, signed.Error.Message, cancellationToken));
        }

        var bound = signed.Value.Bound;
        var batch = new Batch();
        var transaction = judgement.Bind(batch, stored.Value);
        var next = TransactionTransitions.Next(transaction.Status, TransactionAction.Prove)!.Value;
        var attempt = transaction.Work!.Attempt + 1;
        var moved = transaction with
        {
            Status = next,
            History = [.. transaction.History, new TransactionMoment(next, time.GetUtcNow())],
            Hash = bound.Hash,
            Identifiers = bound.Identifiers,
            Work = transaction.Work with { Attempt = attempt, Ttl = signed.Value.Ttl, Submissions = 0, Earlier = [.. transaction.Work.Earlier, .. transaction.Identifiers] },
        };
        var bytes = new SignedTransaction(attempt, Built: [], ProofsRequired: 0, bound.Bytes);
        batch.Put(SignedTransaction.Key(transaction.Id), bytes, Precondition.None, [], signed.Value.Ttl + SignedTransaction.KeptFor);
        TransactionBatch.Put(batch, moved, Precondition.Match(stored.ETag), TransactionAction.Prove);
        return (await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed ? new BuildOutcome(next, Bound: true) : null;
    }
}
