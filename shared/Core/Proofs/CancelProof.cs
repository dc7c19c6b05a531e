using Microsoft.Extensions.Options;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Proofs;

/// <summary>Takes a job back: one that waits or runs ends as cancelled, one that has ended is there no more, and the bytes of either are erased at once.</summary>
public sealed class CancelProof(ChangeProof change, ProofPayloads payloads, IDirectory directory, IOptions<ProofOptions> options, TimeProvider time)
{
    /// <summary>Takes it back.</summary>
    /// <returns>The job as it ended, or <c>NOT_FOUND</c>.</returns>
    public async Task<Result<ProofJob>> RunAsync(TenantId tenant, string jobId, CancellationToken cancellationToken)
    {
        // Should this process die before the bytes are gone, whoever sees the marker erases them.
        await directory.MarkDueAsync(ProofDocuments.EraseQueue, tenant, jobId, time.GetUtcNow(), cancellationToken);
        var (job, _) = await change.RunAsync(tenant, jobId, (job, _) => Cancel(job), cancellationToken);
        if (job is null)
        {
            return Error.NotFound("proof job");
        }

        await payloads.DeleteAsync(tenant, jobId, cancellationToken);
        return job;
    }

    private ProofJob? Cancel(ProofJob? job)
    {
        var now = time.GetUtcNow();
        return job switch
        {
            null => null,
            _ when ProofJobTransitions.Next(job.Status, ProofJobAction.Cancel) is { } next => job.EndAs(next, now, now + options.Value.KeepResults),

            // Its bytes go, so it goes too: whoever asks for it again has it made anew.
            _ => job with { ExpiresAt = now },
        };
    }
}
