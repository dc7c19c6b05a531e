using System.Security.Cryptography;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Contracts;

/// <summary>Has a call's proofs made and binds the call once they are there. Run again and again until then: each run does what is next.</summary>
public sealed class ProveCall(
    IDocumentStore store, CallPayloads payloads, CallProofs proofs, IContractLedger ledger, JudgeTransfer judge, ChangeTransaction change, IUnitOfWork unit, ChainClock clock)
    : IStep<TransactionRef, CallProofOutcome>
{
    private const string Erased = "Its keys and transcript are not here any more. Nothing was done.";

    // A proof that comes later than this before the bytes' time ends is not worth its submission.
    private static readonly TimeSpan TimeToSubmit = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task<CallProofOutcome> RunAsync(StepKey key, TransactionRef input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = (await store.ReadAsync<Transaction>(input.Tenant, Transaction.Key(input.TransactionId), cancellationToken))!;
            var bytes = await store.ReadAsync<SignedTransaction>(input.Tenant, SignedTransaction.Key(input.TransactionId), cancellationToken);
            if (stored.Value.Status is not TransactionStatus.Proving || bytes!.Value.Bound is not null)
            {
                return new CallProofOutcome(stored.Value.Status);
            }

            if (await RefusalAsync(input, stored.Value, cancellationToken) is { } refusal)
            {
                await change.RunAsync(input, refusal.Action, current => current with { Error = refusal.Reason }, cancellationToken);
            }
            else if (await GoOnAsync(input, stored, bytes, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }
    }

    private async Task<(TransactionAction Action, string Reason)?> RefusalAsync(TransactionRef input, Transaction transaction, CancellationToken cancellationToken) =>
        (await judge.RunAsync(input.Tenant, transaction, cancellationToken)).Refusal is { } reason ? (TransactionAction.Reject, reason)
        : await clock.NowAsync(cancellationToken) + TimeToSubmit > transaction.Work!.Ttl ? (TransactionAction.Expire, "Its proof was not made in time. Nothing was done.")
        : null;

    /// <returns>What became of it; null when there is more to do, or something changed meanwhile.</returns>
    private async Task<CallProofOutcome?> GoOnAsync(
        TransactionRef input, Stored<Transaction> stored, Stored<SignedTransaction> bytes, CancellationToken cancellationToken)
    {
        if (stored.Value.Work!.Proofs.Count == 0 && bytes.Value.ProofsRequired > 0)
        {
            return await OpenAsync(input, bytes.Value, (built, keys) => RequestAsync(input, stored, built, keys, cancellationToken), cancellationToken);
        }

        var state = await proofs.ReadAsync(input.Tenant, stored.Value.Work.Proofs, cancellationToken);
        if (state.Failure is { } reason)
        {
            return await FailAsync(input, reason, cancellationToken);
        }

        if (state.Gone)
        {
            // They are asked for anew at the next look: what is gone again as soon as it is there must not keep the host busy.
            return await KeepAsync(input, stored, [], cancellationToken) ? new CallProofOutcome(stored.Value.Status, Waits: true) : null;
        }

        return state.Made is not { } made ? new CallProofOutcome(stored.Value.Status, Waits: true)
            : await OpenAsync(
                input, bytes.Value,
                async (built, keys) => await FinishAsync(input, stored, bytes, await ledger.FinishCallAsync(built, keys, made, cancellationToken), cancellationToken),
                cancellationToken);
    }

    /// <summary>Has something done with the built call and its keys, megabytes that are read only then; what is private is wiped after.</summary>
    private async Task<CallProofOutcome?> OpenAsync(
        TransactionRef input, SignedTransaction bytes, Func<BuiltTransaction, CircuitKeys, Task<CallProofOutcome?>> use, CancellationToken cancellationToken)
    {
        using var payload = await payloads.ReadAsync(input.Tenant, input.TransactionId, cancellationToken);
        if (payload is null || bytes.Built.Length == 0)
        {
            return await FailAsync(input, Erased, cancellationToken);
        }

        var built = await payloads.OpenBuiltAsync(input.Tenant, input.TransactionId, bytes.Built, cancellationToken);
        try
        {
            return await use(new BuiltTransaction(built, bytes.ProofsRequired), payload.Keys);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(built);
        }
    }

    private async Task<CallProofOutcome?> RequestAsync(
        TransactionRef input, Stored<Transaction> stored, BuiltTransaction built, CircuitKeys keys, CancellationToken cancellationToken)
    {
        var wanted = await proofs.RequestAsync(input.Tenant, input.TransactionId, built, keys, cancellationToken);
        if (!wanted.IsSuccess)
        {
            // A place in the line may be free at the next look.
            return wanted.Error.Code == ErrorCodes.RateLimited
                ? new CallProofOutcome(stored.Value.Status, Waits: true)
                : await FailAsync(input, wanted.Error.Message, cancellationToken);
        }

        if (!await KeepAsync(input, stored, wanted.Value, cancellationToken)
            && (await store.RequireAsync(input, cancellationToken)).Status is not TransactionStatus.Proving)
        {
            // It ended meanwhile, and its end knew nothing of these.
            await proofs.CancelAsync(input.Tenant, wanted.Value, cancellationToken);
        }

        return null;
    }

    private async Task<bool> KeepAsync(TransactionRef input, Stored<Transaction> stored, IReadOnlyList<CallProof> wanted, CancellationToken cancellationToken)
    {
        var kept = stored.Value with { Work = stored.Value.Work! with { Proofs = wanted } };
        var batch = new Batch().Put(Transaction.Key(kept.Id), kept, Precondition.Match(stored.ETag), TransactionDocuments.Indexes(kept));
        return (await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed;
    }

    private async Task<CallProofOutcome?> FinishAsync(
        TransactionRef input, Stored<Transaction> stored, Stored<SignedTransaction> bytes, Result<BoundTransaction> bound, CancellationToken cancellationToken)
    {
        if (!bound.IsSuccess)
        {
            return await FailAsync(input, bound.Error.Message, cancellationToken);
        }

        var proved = stored.Value with { Hash = bound.Value.Hash, Identifiers = bound.Value.Identifiers };
        var batch = new Batch()
            .Put(
                SignedTransaction.Key(proved.Id), bytes.Value with { Built = [], Bound = bound.Value.Bytes }, Precondition.Match(bytes.ETag), [],
                proved.Work!.Ttl + SignedTransaction.KeptFor)
            .Put(Transaction.Key(proved.Id), proved, Precondition.Match(stored.ETag), TransactionDocuments.Indexes(proved));
        return (await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed ? new CallProofOutcome(proved.Status) : null;
    }

    private async Task<CallProofOutcome?> FailAsync(TransactionRef input, string reason, CancellationToken cancellationToken)
    {
        await change.RunAsync(input, TransactionAction.Fail, current => current with { Error = reason }, TransactionStatus.Proving, cancellationToken);
        return null;
    }
}
