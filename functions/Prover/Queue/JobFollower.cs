using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>Answers a caller out of a stored job of the same content.</summary>
internal sealed class JobFollower(ReadProof read, ProofSignal signal, TimeProvider time)
{
    // A job that another host ends is seen after this long at the latest.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>The answer of a job of this id, waited for while it waits or runs.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="timeUp">The caller must be answered now, and is told of the job.</param>
    /// <param name="either">That, or the caller is gone.</param>
    /// <returns>The answer; null when there is no such job, or none that could answer.</returns>
    public async Task<QueuedAnswer?> FollowAsync(TenantId tenant, string jobId, CancellationToken timeUp, CancellationToken either)
    {
        using var follower = signal.Follow(tenant, jobId);
        while (true)
        {
            var change = follower.NextChangeAsync();
            var job = await read.FindAsync(tenant, jobId, CancellationToken.None);
            switch (job)
            {
                case { Status: ProofJobStatus.Succeeded } when await read.ResultAsync(tenant, jobId, CancellationToken.None) is { IsSuccess: true } proof:
                    return new QueuedAnswer(new ProverAnswer { Content = proof.Value, K = job.K });
                case { Status: ProofJobStatus.Failed, Failure: { } failure } when !SubmitProof.MayBeTriedAnew(job):
                    return new QueuedAnswer(new ProverAnswer { Failure = failure });
                case { Status: ProofJobStatus.Queued or ProofJobStatus.Running } when timeUp.IsCancellationRequested:
                    return new QueuedAnswer((ProverAnswer?)null) { JobId = jobId };
                case { Status: ProofJobStatus.Queued or ProofJobStatus.Running } when !either.IsCancellationRequested:
                    await Task.WhenAny(change, Task.Delay(LookAgainAfter, time, either));
                    break;
                default:
                    return null;
            }
        }
    }
}
