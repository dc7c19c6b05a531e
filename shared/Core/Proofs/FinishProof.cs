using Microsoft.Extensions.Options;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>Ends a job with its proof or with the reason why there is none, and counts it for its tenant in the same batch if a process worked on it.</summary>
public sealed class FinishProof(
    ChangeProof change, ProofPayloads payloads, MeterProofs meter, IDirectory directory, IOptions<ProofOptions> options, TimeProvider time)
{
    /// <summary>Ends it. A job that its holder no longer holds is left as it is.</summary>
    /// <param name="tenant">Whose job it is.</param>
    /// <param name="held">The job as it was taken up (<see cref="HoldProof.StartAsync"/>).</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether this ended it.</returns>
    public async Task<bool> RunAsync(TenantId tenant, ProofJob held, ProofOutcome outcome, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(held);
        ArgumentNullException.ThrowIfNull(outcome);
        var expiresAt = time.GetUtcNow() + options.Value.KeepResults;
        if (outcome.Failure is null)
        {
            await payloads.PutResultAsync(tenant, held.Payload, outcome.Proof, cancellationToken);
        }

        await directory.MarkDueAsync(ProofDocuments.EraseQueue, tenant, held.Payload, expiresAt, cancellationToken);
        var (job, ended) = await change.RunAsync(
            tenant,
            held.Id,
            (job, _) => job?.IsHeldBy(held.Holder) == true ? End(job, outcome, expiresAt) : null,
            cancellationToken,
            (batch, job) => outcome.Worked > TimeSpan.Zero ? meter.CountAsync(tenant, batch, job.K, outcome.Worked, cancellationToken) : Task.CompletedTask);
        if (ended)
        {
            await payloads.DeleteRequestAsync(tenant, held.Payload, cancellationToken);
        }
        else if (job is null or { Status: ProofJobStatus.Cancelled } || job.Payload != held.Payload)
        {
            // Taken back meanwhile, and its bytes were erased before these were written.
            await payloads.DeleteAsync(tenant, held.Payload, cancellationToken);
        }

        return ended;
    }

    private ProofJob End(ProofJob job, ProofOutcome outcome, DateTimeOffset expiresAt)
    {
        var action = outcome.Failure is null ? ProofJobAction.Succeed : ProofJobAction.Fail;
        return job.EndAs(ProofJobTransitions.Next(job.Status, action)!.Value, time.GetUtcNow(), expiresAt) with
        {
            Failure = outcome.Failure,
            K = outcome.K ?? job.K,
        };
    }
}

/// <summary>What came of proving.</summary>
/// <param name="Proof">The answer of an official <c>POST /prove</c>; empty with a failure.</param>
/// <param name="Failure">Why there is no proof; null when there is one.</param>
/// <param name="K">The circuit has 2^K rows; null when it was not learnt.</param>
/// <param name="Worked">The time that a process worked on it.</param>
public sealed record ProofOutcome(ReadOnlyMemory<byte> Proof, ProofFailure? Failure, int? K, TimeSpan Worked);
