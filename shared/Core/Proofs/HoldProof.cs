using Microsoft.Extensions.Options;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>Takes a job up for whoever will prove it, and keeps it held. Two holders of one job cannot be.</summary>
public sealed class HoldProof(ChangeProof change, ProofPayloads payloads, IOptions<ProofOptions> options, TimeProvider time)
{
    /// <summary>Takes up a job that waits.</summary>
    /// <returns>The job; null when it waits no more.</returns>
    public async Task<ProofJob?> StartAsync(TenantId tenant, string jobId, string holder, CancellationToken cancellationToken)
    {
        var (job, changed) = await change.RunAsync(tenant, jobId, (job, _) => Start(job, holder), cancellationToken);
        return changed ? job : null;
    }

    /// <summary>Says that the holder still has it.</summary>
    /// <returns>Whether it does; false means that the work must stop: it was taken back, or another took it up.</returns>
    public async Task<bool> KeepAsync(TenantId tenant, string jobId, string holder, CancellationToken cancellationToken)
    {
        var (_, kept) = await change.RunAsync(
            tenant, jobId, (job, _) => job?.IsHeldBy(holder) == true ? job with { HeldUntil = time.GetUtcNow() + options.Value.Lease } : null, cancellationToken);
        return kept;
    }

    /// <summary>Gives a job back that was not proved, by no fault of its own: the holder stops. It does not count as an attempt.</summary>
    public Task ReturnAsync(TenantId tenant, string jobId, string holder, CancellationToken cancellationToken) => change.RunAsync(
        tenant, jobId, (job, _) => job?.IsHeldBy(holder) == true ? Return(job) with { Attempts = job.Attempts - 1 } : null, cancellationToken);

    /// <summary>Gives a job back that could not be proved now. It counts as an attempt if it was begun, and ends as failed when that happened too often.</summary>
    /// <returns>Whether it waits again.</returns>
    public async Task<bool> PutOffAsync(TenantId tenant, string jobId, string holder, ProofFailure failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var (job, _) = await ChangeAsync(tenant, jobId, job => job?.IsHeldBy(holder) == true ? PutOff(job, failure) : null, cancellationToken);
        return job is { Status: ProofJobStatus.Queued };
    }

    /// <summary>Takes a job from a holder that is gone: it waits again, or ends as failed when that happened too often.</summary>
    public Task ReleaseAsync(TenantId tenant, string jobId, CancellationToken cancellationToken) => ChangeAsync(
        tenant, jobId, job => job is { Status: ProofJobStatus.Running } && job.HeldUntil <= time.GetUtcNow() ? Release(job) : null, cancellationToken);

    /// <summary>Ends a job that waited too long.</summary>
    /// <returns>Whether it did.</returns>
    public async Task<bool> GiveUpAsync(TenantId tenant, string jobId, CancellationToken cancellationToken)
    {
        var (_, ended) = await ChangeAsync(tenant, jobId, job => IsOverdue(job) ? Fail(job!, ProofFailureKind.TimedOut, "It waited too long for its turn.") : null, cancellationToken);
        return ended;
    }

    /// <summary>Changes a job; one that this ends leaves no witness behind. Should this process die before, its request goes with the job.</summary>
    private async Task<(ProofJob? Job, bool Changed)> ChangeAsync(TenantId tenant, string jobId, Func<ProofJob?, ProofJob?> decide, CancellationToken cancellationToken)
    {
        var (job, changed) = await change.RunAsync(tenant, jobId, (job, _) => decide(job), cancellationToken);
        if (changed && ProofJobTransitions.IsFinal(job!.Status))
        {
            await payloads.DeleteRequestAsync(tenant, job.Payload, cancellationToken);
        }

        return (job, changed);
    }

    private ProofJob? Start(ProofJob? job, string holder)
    {
        if (job is not { Status: ProofJobStatus.Queued })
        {
            return null;
        }

        var now = time.GetUtcNow();
        return job with
        {
            Status = ProofJobTransitions.Next(job.Status, ProofJobAction.Start)!.Value,
            Holder = holder,
            HeldUntil = now + options.Value.Lease,
            StartedAt = now,
            Attempts = job.Attempts + 1,
        };
    }

    private ProofJob Release(ProofJob job) => job.Attempts >= options.Value.MaxAttempts
        ? Fail(job, ProofFailureKind.Internal, $"It was begun {job.Attempts} times, and whatever proved it was gone each time.")
        : Return(job);

    private ProofJob PutOff(ProofJob job, ProofFailure failure) =>
        failure.Kind is ProofFailureKind.Unavailable ? Return(job) with { Attempts = job.Attempts - 1 }
        : job.Attempts >= options.Value.MaxAttempts ? Fail(job, failure.Kind, failure.Reason)
        : Return(job);

    private static ProofJob Return(ProofJob job) => job with
    {
        Status = ProofJobTransitions.Next(job.Status, ProofJobAction.Return)!.Value,
        Holder = null,
        HeldUntil = null,
    };

    private bool IsOverdue(ProofJob? job) => job is { Status: ProofJobStatus.Queued } && time.GetUtcNow() - job.CreatedAt > options.Value.WaitLimit;

    private ProofJob Fail(ProofJob job, ProofFailureKind kind, string reason)
    {
        var now = time.GetUtcNow();
        return job.EndAs(ProofJobStatus.Failed, now, now + options.Value.KeepResults) with { Failure = new ProofFailure(kind, reason) };
    }
}
