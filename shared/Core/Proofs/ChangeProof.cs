using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Concurrency;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Proofs.Apart;
using MidnightOS.Core.Storage;

namespace MidnightOS.Core.Proofs;

/// <summary>Writes jobs: the record, the count of those that wait and what the change tells, in one batch.</summary>
public sealed class ChangeProof(IDocumentStore store, [FromKeyedServices(ApartServices.Key)] IUnitOfWork unit, IDirectory directory, ProofSignal signal, TimeProvider time)
{
    // A process relies on a marker that it set for this long; whoever looks for work clears one only long after (FindProofWork).
    private static readonly TimeSpan MarkAgainAfter = TimeSpan.FromSeconds(30);

    // Far more than hosts that work on one tenant's jobs collide. Whoever writes on purpose must not hold others for ever.
    private const int Attempts = 200;

    private static readonly ProofBacklog None = new(0);

    private readonly KeyedLock _locks = new();
    private readonly DueMarks _marks = new(directory, time, ProofDocuments.WorkQueue, MarkAgainAfter);

    /// <summary>Reads a job, lets the caller decide what becomes of it, and writes that; again when it changed meanwhile.</summary>
    /// <param name="tenant">Whose job it is.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="decide">From the job as it is (null when there is none) and what of the tenant's waits, to the job as it shall be; the same or null to leave it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <param name="also">Further writes of the batch, made anew for each try; null for none.</param>
    /// <returns>The job as it is now, and whether this call wrote it.</returns>
    public async Task<(ProofJob? Job, bool Changed)> RunAsync(
        TenantId tenant, string jobId, Func<ProofJob?, ProofBacklog, ProofJob?> decide, CancellationToken cancellationToken, Func<Batch, ProofJob, Task>? also = null)
    {
        ArgumentNullException.ThrowIfNull(decide);

        // The count is one document of the tenant: callers of this process would collide on it.
        using var held = await _locks.EnterAsync(tenant.Value, cancellationToken);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (before, place) = await store.ReadStrangeAsync<ProofJob>(tenant, ProofJob.Key(jobId), job => ProofDocuments.IsWhole(job, jobId), cancellationToken);
            var backlog = await store.ReadStrangeAsync<ProofBacklog>(tenant, ProofBacklog.Key, static _ => true, cancellationToken);
            var after = decide(before, backlog.Value ?? None);
            if (after is null || after == before)
            {
                return (before, false);
            }

            if (!ProofJobTransitions.IsFinal(after.Status))
            {
                await _marks.SetAsync(tenant, TimeSpan.Zero, cancellationToken);
            }

            var batch = new Batch().Put(after, place, before?.Status);
            Count(batch, backlog, before, after);
            if (also is not null)
            {
                await also(batch, after);
            }

            if ((await unit.CommitAsync(tenant, batch, cancellationToken)).Committed)
            {
                signal.Set(tenant, after);
                return (after, true);
            }
        }

        throw new StorageUnavailableException($"Others wrote the job {jobId} or its tenant's count {Attempts} times in between.");
    }

    private static void Count(Batch batch, (ProofBacklog? Value, Precondition Place) backlog, ProofJob? before, ProofJob after)
    {
        if (before?.Status != after.Status)
        {
            batch.Put(ProofBacklog.Key, (backlog.Value ?? None).After(before, after), backlog.Place, []);
        }
    }
}
