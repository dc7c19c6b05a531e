using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Jobs;

/// <summary>A job as its owner sees it.</summary>
/// <param name="Id"><c>prf_…</c></param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Position">Its place in its tenant's line, 1 the next; null when it does not wait.</param>
/// <param name="K">The circuit has 2^K rows; null until it is known.</param>
/// <param name="Attempts">How often it was begun.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="StartedAt">When it was begun last.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="ExpiresAt">From then on neither it nor its proof is there.</param>
/// <param name="Seconds">How long it has run, or ran.</param>
/// <param name="EstimateSeconds">How long proofs of this size take here; null until one was made.</param>
/// <param name="Error">Why there is no proof.</param>
internal sealed record JobView(
    string Id, ProofJobStatus State, int? Position, int? K, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt,
    DateTimeOffset? ExpiresAt, double? Seconds, double? EstimateSeconds, ProofFailure? Error)
{
    public static JobView Of(ProofJob job, int? position, ProofTimes times, DateTimeOffset now) => new(
        job.Id,
        job.Status,
        position,
        job.K,
        job.Attempts,
        job.CreatedAt,
        job.StartedAt,
        job.FinishedAt,
        job.ExpiresAt,
        job.Status is ProofJobStatus.Queued || job.StartedAt is not { } started ? null : Rounded((job.FinishedAt ?? now) - started),
        job.K is { } k && times.Estimate(k) is { } estimate ? Rounded(estimate) : null,
        job.Failure);

    private static double Rounded(TimeSpan time) => Math.Round(Math.Max(0, time.TotalSeconds), 3);
}
