using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Proofs;

/// <summary>How many jobs of a tenant wait, counted in the batch of each change.</summary>
/// <param name="Waiting">Jobs that are queued.</param>
internal sealed record ProofBacklog(int Waiting)
{
    /// <summary>Where it is stored; one for each tenant.</summary>
    public static readonly DocumentKey Key = new("proofBacklog", "backlog");

    /// <summary>What a change from one state to another does to the count.</summary>
    public static int Step(ProofJobStatus? from, ProofJobStatus to) =>
        (to is ProofJobStatus.Queued ? 1 : 0) - (from is ProofJobStatus.Queued ? 1 : 0);
}
