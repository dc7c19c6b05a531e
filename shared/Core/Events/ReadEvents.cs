using System.Runtime.CompilerServices;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Events;

/// <summary>Reads a tenant's event stream: pages of it, newest first, and its live end.</summary>
public sealed class ReadEvents(IDocumentStore store, EventSignal signal)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>A page of the stream, newest first.</summary>
    public async Task<(IReadOnlyList<TenantEvent> Events, string? Continuation)> ListAsync(
        TenantId tenant, int limit, string? continuation, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery(TenantEvent.Kind) { Descending = true, Limit = limit, Continuation = continuation };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        return ([.. page.Documents.Select(static document => document.As<TenantEvent>().Value)], page.Continuation);
    }

    /// <summary>The id after which a new reader begins: that of the newest event, or the empty string.</summary>
    public async Task<string> LastIdAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var page = await ListAsync(tenant, 1, continuation: null, cancellationToken);
        return page.Events.Count == 0 ? "" : page.Events[0].Id;
    }

    /// <summary>Events after an id, in order and without a gap, then those that come, until cancelled.</summary>
    /// <param name="tenant">Whose stream.</param>
    /// <param name="afterId">The last id that the reader has; the empty string for all that are kept.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<TenantEvent> FollowAsync(
        TenantId tenant, string afterId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = signal.NextAsync(tenant);
            var page = await store.QueryAsync(tenant, new DocumentQuery(TenantEvent.Kind) { After = afterId, Limit = 100 }, cancellationToken);
            foreach (var document in page.Documents)
            {
                afterId = document.Key.Id;
                yield return document.As<TenantEvent>().Value;
            }

            if (page.Documents.Count == 0)
            {
                await signal.WaitAsync(next, LookAgainAfter, cancellationToken);
            }
        }
    }
}
