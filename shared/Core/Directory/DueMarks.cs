using System.Collections.Concurrent;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Directory;

/// <summary>Sets one due marker of a queue for all work of a tenant, and remembers for a while that it stands, so that not every change writes it again.</summary>
/// <param name="directory">Where the markers are.</param>
/// <param name="time">The clock.</param>
/// <param name="queue">The queue, which is the marker's subject too.</param>
/// <param name="reliesFor">For how long this process relies on a marker that it set. Whoever clears markers waits far longer than that.</param>
internal sealed class DueMarks(IDirectory directory, TimeProvider time, string queue, TimeSpan reliesFor)
{
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<TenantId, DateTimeOffset> _marked = new();

    /// <summary>Sees that the tenant's marker stands.</summary>
    /// <param name="tenant">Whose work it is.</param>
    /// <param name="dueAfter">When a marker that is set now falls due.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task SetAsync(TenantId tenant, TimeSpan dueAfter, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_marked.TryGetValue(tenant, out var last) && now >= last && now - last < reliesFor)
        {
            return;
        }

        await directory.MarkDueAsync(queue, tenant, queue, now + dueAfter, cancellationToken);
        if (_marked.Count >= MostRemembered)
        {
            // Who is forgotten is marked once more, which is harmless; what grows with the tenants is not.
            _marked.Clear();
        }

        _marked[tenant] = now;
    }
}
