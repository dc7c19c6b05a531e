using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Proofs;

/// <summary>How many jobs of a tenant wait, counted in the batch of each change.</summary>
/// <param name="Waiting">Jobs that are queued.</param>
/// <param name="Bytes">The bytes of their requests.</param>
public sealed record ProofBacklog(int Waiting, long Bytes = 0)
{
    /// <summary>Where it is stored; one for each tenant.</summary>
    internal static readonly DocumentKey Key = new("proofBacklog", "backlog");

    /// <summary>The count after a job changed.</summary>
    /// <param name="before">The job as it was; null when there was none.</param>
    /// <param name="after">The job as it is.</param>
    internal ProofBacklog After(ProofJob? before, ProofJob after)
    {
        var (added, removed) = (Queued(after), Queued(before));
        return new ProofBacklog(Math.Max(0, Waiting + added.Jobs - removed.Jobs), Math.Max(0, Bytes + added.Bytes - removed.Bytes));
    }

    private static (int Jobs, long Bytes) Queued(ProofJob? job) => job is { Status: ProofJobStatus.Queued } ? (1, job.RequestBytes) : (0, 0);
}
