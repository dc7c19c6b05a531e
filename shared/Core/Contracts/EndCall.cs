using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Contracts;

/// <summary>Last step of a call that has ended: takes back what is still being proved, and erases proofs, keys, transcript and what was built from them.</summary>
public sealed class EndCall(IDocumentStore store, CallProofs proofs, ForgetCall forget) : IStep<TransactionRef, TransactionStatus>
{
    /// <inheritdoc/>
    public async Task<TransactionStatus> RunAsync(StepKey key, TransactionRef input, CancellationToken cancellationToken)
    {
        var transaction = await store.RequireAsync(input, cancellationToken);

        // Its own secrets first: whoever makes proofs may keep the others from being taken back.
        await forget.RunAsync(input.Tenant, input.TransactionId, cancellationToken);
        await proofs.CancelAsync(input.Tenant, transaction.Work!.Proofs, cancellationToken);
        return transaction.Status;
    }
}
