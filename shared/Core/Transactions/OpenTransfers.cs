using System.Collections.Concurrent;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Transactions;

/// <summary>Marks tenants that have transfers under way, so that any instance finds a transfer whose flow was lost.</summary>
/// <remarks>One marker serves all transfers of a tenant; a process sets it again only every few minutes.</remarks>
public sealed class OpenTransfers(IDocumentStore store, IDirectory directory, TimeProvider time)
{
    /// <summary>The queue of the markers.</summary>
    public const string Queue = "open-transfers";

    /// <summary>A tenant is looked at this long after its marker was set, and again after this long while transfers are open.</summary>
    public static readonly TimeSpan LookAfter = TimeSpan.FromMinutes(10);

    /// <summary>A marker without open transfers falls this long after it was last set: the time that a process relies on it and far longer than a commit takes.</summary>
    public static readonly TimeSpan ClearAfter = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan MarkAgainAfter = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<TenantId, DateTimeOffset> _marked = new();

    /// <summary>The transfers of a tenant that have not ended.</summary>
    public IAsyncEnumerable<Stored<Transaction>> ListAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery(Transaction.Kind, TransactionDocuments.AllOpen, TransactionDocuments.AllOpen) { Limit = 100 };
        return store.ReadAllAsync<Transaction>(tenant, query, cancellationToken);
    }

    /// <summary>Says, before it is stored, that a transfer will be under way.</summary>
    public async Task MarkAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_marked.TryGetValue(tenant, out var last) && now >= last && now - last < MarkAgainAfter)
        {
            return;
        }

        await directory.MarkDueAsync(Queue, tenant, Queue, now + LookAfter, cancellationToken);
        _marked[tenant] = now;
    }
}
