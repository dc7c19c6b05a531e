using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Contracts;

/// <summary>Erases keys and transcripts that no transaction needs: of calls that were never stored, and of those whose flow could not do it.</summary>
public sealed class EraseCalls(IDocumentStore store, IDirectory directory, ForgetCall forget, TimeProvider time) : IBackgroundWork
{
    private const string Queue = "contract-call-erase";
    private const int AtOnce = 100;

    // Far longer than a request takes from the mark to its commit.
    private static readonly TimeSpan LookAfter = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Name => "erase-calls";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    /// <summary>Says, before it is stored, that a call has a payload.</summary>
    public Task MarkAsync(TenantId tenant, string transactionId, CancellationToken cancellationToken) =>
        directory.MarkDueAsync(Queue, tenant, transactionId, time.GetUtcNow() + LookAfter, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var markers = await directory.ListDueAsync(Queue, time.GetUtcNow(), AtOnce, cancellationToken);
        foreach (var marker in markers)
        {
            var transaction = await store.ReadAsync<Transaction>(marker.Tenant, Transaction.Key(marker.Subject), cancellationToken);
            if (transaction is not null && !TransactionTransitions.IsFinal(transaction.Value.Status))
            {
                await directory.PostponeAsync(marker, time.GetUtcNow() + LookAfter, cancellationToken);
                continue;
            }

            await forget.RunAsync(marker.Tenant, marker.Subject, cancellationToken);
            await directory.ClearAsync(marker, cancellationToken);
        }

        return markers.Count == AtOnce;
    }
}
