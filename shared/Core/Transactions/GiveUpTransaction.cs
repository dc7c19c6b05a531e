using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;

namespace MidnightOS.Core.Transactions;

/// <summary>A transaction to end.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Action"><see cref="TransactionAction.Expire"/> or <see cref="TransactionAction.Fail"/>.</param>
/// <param name="Reason">Why, as a sentence for the user.</param>
/// <param name="Only">The state that it must still be in; null for any.</param>
public sealed record GiveUpInput(TransactionRef Transaction, TransactionAction Action, string Reason, TransactionStatus? Only = null)
{
    /// <summary>Ends a transaction of a state as that state is ended: what waited for somebody expires, all else has failed.</summary>
    public static GiveUpInput Of(TransactionRef transaction, TransactionStatus status, string reason) => new(
        transaction,
        status is TransactionStatus.AwaitingConfirmation or TransactionStatus.AwaitingApproval ? TransactionAction.Expire : TransactionAction.Fail,
        reason,
        status);
}

/// <summary>Ends a transaction that waited too long, or that could not be carried on before it was submitted.</summary>
public sealed class GiveUpTransaction(IDocumentStore store, ChangeTransaction change) : IStep<GiveUpInput, TransactionStanding>
{
    /// <inheritdoc/>
    public async Task<TransactionStanding> RunAsync(StepKey key, GiveUpInput input, CancellationToken cancellationToken)
    {
        var before = await store.RequireAsync(input.Transaction, cancellationToken);

        // What may be with the network is never given up here: only the chain's clock ends it (CheckTransaction).
        if (before.Status is TransactionStatus.Submitted || TransactionTransitions.IsFinal(before.Status))
        {
            return TransactionStanding.Of(before);
        }

        await change.RunAsync(input.Transaction, input.Action, current => current with { Error = input.Reason }, input.Only, cancellationToken);
        return TransactionStanding.Of(await store.RequireAsync(input.Transaction, cancellationToken));
    }
}
