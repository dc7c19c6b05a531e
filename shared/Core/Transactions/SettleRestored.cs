using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Transactions;

/// <summary>Settles the transfers that were under way in a copy of the data. After the copy was made they may have been signed, or signed anew, and paid, and the
/// copy does not know it: whatever could pay a second time is ended.</summary>
/// <remarks>Signed bytes that the copy has may go to the network again, since the ledger takes them once; they are never replaced by others. To be run before any flow.</remarks>
public sealed class SettleRestored(IDocumentStore store, IUnitOfWork unit, IDirectory directory, GiveUpTransaction giveUp)
{
    private const string Reason = "The platform was restored from a backup that was made before this was signed. It may have been paid since: look at the wallet before you send it again.";

    /// <summary>Settles the open transfers of every tenant.</summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // All markers, whenever they are due: the clock here may be behind the one that set them, and a tenant that is passed over could pay twice.
        var ended = 0;
        foreach (var marker in await directory.ListDueAsync(OpenWork.Queue, DateTimeOffset.MaxValue, int.MaxValue, cancellationToken))
        {
            ended += await SettleAsync(marker.Tenant, cancellationToken);
        }

        return ended;
    }

    private async Task<int> SettleAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        List<Stored<Transaction>> open = [];
        await foreach (var transfer in store.ReadAllAsync<Transaction>(tenant, Transaction.NotEnded, cancellationToken))
        {
            open.Add(transfer);
        }

        var ended = 0;
        foreach (var transfer in open.Where(static transfer => transfer.Value.Work is not null))
        {
            if (transfer.Value.Status is TransactionStatus.Proving or TransactionStatus.Submitted)
            {
                await KeepAsync(tenant, transfer, cancellationToken);
                continue;
            }

            await EndAsync(new TransactionRef(tenant, transfer.Value.BotId, transfer.Value.Id), transfer.Value.Status, cancellationToken);
            ended++;
        }

        return ended;
    }

    private async Task KeepAsync(TenantId tenant, Stored<Transaction> transfer, CancellationToken cancellationToken)
    {
        var last = transfer.Value with { Work = transfer.Value.Work! with { LastAttempt = true } };
        var batch = new Batch();
        TransactionBatch.Put(batch, last, Precondition.Match(transfer.ETag), action: null);
        if (!(await unit.CommitAsync(tenant, batch, cancellationToken)).Committed)
        {
            throw new InvalidOperationException($"The transfer {last.Id} was changed before anything ran on the copy.");
        }
    }

    private Task<TransactionStanding> EndAsync(TransactionRef transfer, TransactionStatus status, CancellationToken cancellationToken) =>
        giveUp.RunAsync(new StepKey(transfer.TransactionId, 0, 1), GiveUpInput.Of(transfer, status, Reason), cancellationToken);
}
