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

    /// <summary>The tenants that have or had jobs lately; their markers fall when they have none.</summary>
    public async Task<IReadOnlyList<TenantWork>> TenantsAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<TenantWork> tenants = [];
        foreach (var marker in await directory.ListDueAsync(ProofDocuments.WorkQueue, now, MostTenants, cancellationToken))
        {
            var waiting = await ReleaseAsync(marker.Tenant, now, cancellationToken);
            if (waiting.HasAny)
            {
                tenants.Add(new TenantWork(marker.Tenant, waiting.Count));
            }
            else if (now - marker.MarkedAt > ClearAfter)
            {
                await directory.ClearAsync(marker, cancellationToken);
            }
        }

        return tenants;
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

    private async Task<(bool HasAny, int Count)> ReleaseAsync(TenantId tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var running = await store.QueryAsync(tenant, ProofDocuments.Running with { Limit = 1_000 }, cancellationToken);
        foreach (var job in running.Documents.Select(static document => document.As<ProofJob>().Value).Where(job => job.HeldUntil <= now))
        {
            await hold.ReleaseAsync(tenant, job.Id, cancellationToken);
        }

        var waiting = (await store.ReadAsync<ProofBacklog>(tenant, ProofBacklog.Key, cancellationToken))?.Value.Waiting ?? 0;
        return (waiting > 0 || running.Documents.Count > 0, waiting);
    }
}

/// <summary>A tenant that has jobs.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Waiting">How many of its jobs wait.</param>
public sealed record TenantWork(TenantId Tenant, int Waiting);
