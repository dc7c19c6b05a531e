namespace MidnightOS.Core.Proofs;

/// <summary>What a move does to the record beside its state.</summary>
internal static class ProofMoves
{
    public static ProofJob EndAs(this ProofJob job, ProofJobStatus status, DateTimeOffset at, DateTimeOffset expiresAt) => job with
    {
        Status = status,
        Holder = null,
        HeldUntil = null,
        FinishedAt = at,
        ExpiresAt = expiresAt,
    };

    public static bool IsHeldBy(this ProofJob job, string? holder) => job.Status is ProofJobStatus.Running && job.Holder == holder;
}
