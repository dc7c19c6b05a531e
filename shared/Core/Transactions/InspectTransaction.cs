using Microsoft.Extensions.Options;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;

namespace MidnightOS.Core.Transactions;

/// <summary>Reads where a transaction stands, and asks for the approval that its policy wants once it is confirmed.</summary>
public sealed class InspectTransaction(IDocumentStore store, ChangeTransaction change, IOptions<TransactionOptions> options, TimeProvider time)
    : IStep<TransactionRef, TransactionStanding>
{
    /// <inheritdoc/>
    public async Task<TransactionStanding> RunAsync(StepKey key, TransactionRef input, CancellationToken cancellationToken)
    {
        var transaction = await store.RequireAsync(input, cancellationToken);
        if (transaction.Status is not TransactionStatus.Requested || !transaction.Work!.NeedsApproval)
        {
            return TransactionStanding.Of(transaction);
        }

        var asked = await change.RunAsync(
            input, TransactionAction.AskApproval,
            current => current with { Work = current.Work! with { DecideBy = time.GetUtcNow() + options.Value.ApprovalWindow } }, cancellationToken);
        return TransactionStanding.Of(asked.IsSuccess ? asked.Value : await store.RequireAsync(input, cancellationToken));
    }
}

/// <summary>Reads transactions that must be there.</summary>
internal static class TransactionReads
{
    public static async Task<Transaction> RequireAsync(this IDocumentStore store, TransactionRef reference, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync<Transaction>(reference.Tenant, Transaction.Key(reference.TransactionId), cancellationToken);
        return stored?.Value ?? throw new InvalidOperationException($"The transaction {reference.TransactionId} is not stored.");
    }
}
