using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Contracts;

/// <summary>Erases what is private of a call that has ended: keys, transcript, and what was built from them and never bound.</summary>
public sealed class ForgetCall(IDocumentStore store, CallPayloads payloads, IUnitOfWork unit)
{
    /// <summary>Erases it; again is harmless.</summary>
    public async Task RunAsync(TenantId tenant, string transactionId, CancellationToken cancellationToken)
    {
        await payloads.DeleteAsync(tenant, transactionId, cancellationToken);
        while (await store.ReadAsync<SignedTransaction>(tenant, SignedTransaction.Key(transactionId), cancellationToken) is { Value.Built.Length: > 0 } bytes)
        {
            var ttl = (await store.ReadAsync<Transaction>(tenant, Transaction.Key(transactionId), cancellationToken))?.Value.Work?.Ttl;
            var batch = new Batch().Put(
                SignedTransaction.Key(transactionId), bytes.Value with { Built = [] }, Precondition.Match(bytes.ETag), [], ttl + SignedTransaction.KeptFor);
            await unit.CommitAsync(tenant, batch, cancellationToken);
        }
    }
}
