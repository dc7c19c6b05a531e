using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>Finds the jobs that wait, of every tenant, and takes jobs from holders that are gone.</summary>
public sealed class FindProofWork(IDocumentStore store, IDirectory directory, HoldProof hold, TimeProvider time)
{
    // Far longer than a process relies on a marker that it set (ChangeProof) and than a commit takes.
    private static readonly TimeSpan ClearAfter = TimeSpan.FromMinutes(5);

    private const int MostTenants = 1_000;

    /// <summary>The markers of tenants that have or had jobs lately, those that were looked at the longest ago first.</summary>
    public async Task<IReadOnlyList<TenantMarker>> MarkersAsync(CancellationToken cancellationToken)
    {
        var markers = await directory.ListDueAsync(ProofDocuments.WorkQueue, time.GetUtcNow(), MostTenants, cancellationToken);
        return [.. markers.Select(marker => new TenantMarker(marker, MayBeMore: markers.Count == MostTenants))];
    }

    /// <summary>Looks at one tenant: jobs whose holder is gone wait again. A marker that leads to no job falls.</summary>
    /// <param name="marker">The tenant's marker.</param>
    /// <param name="limit">How many of the jobs that wait are given.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>How many of its jobs wait, and the first of them.</returns>
    public async Task<TenantWork> LookAsync(TenantMarker marker, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(marker);
        var now = time.GetUtcNow();
        var running = await store.QueryAsync(marker.Tenant, ProofDocuments.Running with { Limit = 1_000 }, cancellationToken);
        foreach (var job in running.Documents.Select(static document => document.As<ProofJob>().Value).Where(job => job.HeldUntil <= now))
        {
            await hold.ReleaseAsync(marker.Tenant, job.Id, cancellationToken);
        }

        var waiting = (await store.ReadAsync<ProofBacklog>(marker.Tenant, ProofBacklog.Key, cancellationToken))?.Value.Waiting ?? 0;
        if (waiting == 0 && running.Documents.Count == 0 && now - marker.Due.MarkedAt > ClearAfter)
        {
            await directory.ClearAsync(marker.Due, cancellationToken);
        }
        else if (marker.MayBeMore)
        {
            await directory.PostponeAsync(marker.Due, now, cancellationToken);
        }

        return new TenantWork(waiting, waiting == 0 ? [] : await NextAsync(marker.Tenant, limit, cancellationToken));
    }

    /// <summary>The first jobs of a tenant's line.</summary>
    public async Task<IReadOnlyList<ProofJob>> NextAsync(TenantId tenant, int limit, CancellationToken cancellationToken)
    {
        var page = await store.QueryAsync(tenant, ProofDocuments.Queued with { Limit = limit }, cancellationToken);
        List<ProofJob> jobs = [];
        foreach (var job in page.Documents.Select(static document => document.As<ProofJob>().Value))
        {
            if (!await hold.GiveUpAsync(tenant, job.Id, cancellationToken))
            {
                jobs.Add(job);
            }
        }

        return jobs;
    }
}

/// <summary>A tenant that may have jobs.</summary>
/// <param name="Due">Its marker.</param>
/// <param name="MayBeMore">Whether there may be more tenants than were listed; then this one goes behind them.</param>
public sealed record TenantMarker(DueMarker Due, bool MayBeMore)
{
    /// <summary>The tenant.</summary>
    public TenantId Tenant => Due.Tenant;
}

/// <summary>What a tenant has to prove.</summary>
/// <param name="Waiting">How many of its jobs wait.</param>
/// <param name="Next">The first of them.</param>
public sealed record TenantWork(int Waiting, IReadOnlyList<ProofJob> Next);
