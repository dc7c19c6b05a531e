using Microsoft.Extensions.Options;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Proofs;

/// <summary>Takes a job back: one that waits or runs ends as cancelled, one that has ended is there no more, and the bytes of either are erased at once.</summary>
public sealed class CancelProof(ChangeProof change, ProofPayloads payloads, IDirectory directory, IOptions<ProofOptions> options, TimeProvider time)
{
    /// <summary>Takes it back.</summary>
    /// <returns>The job as it ended, or <c>NOT_FOUND</c>.</returns>
    public async Task<Result<ProofJob>> RunAsync(TenantId tenant, string jobId, CancellationToken cancellationToken)
    {
        var (job, cancelled) = await change.RunAsync(tenant, jobId, (job, _) => Cancel(job), cancellationToken, MarkAsync);
        if (job is null)
        {
            return Error.NotFound("proof job");
        }

        await payloads.DeleteAsync(tenant, job.Payload, cancellationToken);
        if (!cancelled)
        {
            // It had ended before. Its bytes are gone, so it goes too; last, so that whoever tries again after a death finds what is left.
            await change.RunAsync(tenant, jobId, (current, _) => current?.Payload == job.Payload ? current with { ExpiresAt = time.GetUtcNow() } : null, cancellationToken);
        }

        return job;

        // Should this process die before the bytes are gone, whoever sees the marker erases them.
        Task MarkAsync(Batch batch, ProofJob job) => directory.MarkDueAsync(ProofDocuments.EraseQueue, tenant, job.Payload, time.GetUtcNow(), cancellationToken);
    }

    private ProofJob? Cancel(ProofJob? job)
    {
        var now = time.GetUtcNow();
        return job is not null && ProofJobTransitions.Next(job.Status, ProofJobAction.Cancel) is { } next ? job.EndAs(next, now, now + options.Value.KeepResults) : job;
    }
}
