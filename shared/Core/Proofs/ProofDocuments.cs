using System.Buffers;
using System.Globalization;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Proofs;

/// <summary>How jobs are found and told of.</summary>
internal static class ProofDocuments
{
    /// <summary>The due markers of tenants that have jobs to prove.</summary>
    public const string WorkQueue = "proof-work";

    /// <summary>The due markers of payloads to erase; the subject is the payload's name.</summary>
    public const string EraseQueue = "proof-erase";

    /// <summary>How many flows a job tells of its end, in one batch. Any further flow finds it by its own looks.</summary>
    public const int MostFlows = BatchLimits.Operations - 10;

    private const int LongestPayload = 100;

    private static readonly SearchValues<char> PayloadLetters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.");

    private const string All = "proofJobs";
    private const string Waiting = "proofsQueued";
    private const string Held = "proofsRunning";

    /// <summary>A tenant's jobs, the newest first.</summary>
    public static DocumentQuery Newest { get; } = new(ProofJob.Kind, All, All) { Descending = true };

    /// <summary>Jobs that wait: what a transaction waits for first, then in the order in which they were accepted.</summary>
    public static DocumentQuery Queued { get; } = new(ProofJob.Kind, Waiting, Waiting);

    /// <summary>Jobs that are held, the one that was not renewed for the longest first.</summary>
    public static DocumentQuery Running { get; } = new(ProofJob.Kind, Held, Held);

    /// <summary>The entries of a job.</summary>
    public static IReadOnlyList<IndexEntry> Indexes(ProofJob job)
    {
        var all = new IndexEntry(All, All, $"{Sortable(job.CreatedAt)}.{job.Id}");
        return job.Status switch
        {
            ProofJobStatus.Queued => [all, new IndexEntry(Waiting, Waiting, $"{(job.Priority is ProofPriority.Transaction ? 0 : 1)}.{Sortable(job.CreatedAt)}.{job.Id}")],
            ProofJobStatus.Running => [all, new IndexEntry(Held, Held, Sortable(job.HeldUntil ?? default))],
            _ => [all],
        };
    }

    /// <summary>The name of a job's bytes, from which <see cref="JobOf"/> gives the job.</summary>
    public static string PayloadName(string jobId, string generation) => $"{jobId}.{generation}";

    /// <summary>The job whose bytes have a name.</summary>
    public static string JobOf(string payload) => payload.Split('.')[0];

    /// <summary>Whether a job that stands in the place of an id can be that job. Whoever makes proofs may write there what he likes, and what is read is written again and names blobs.</summary>
    public static bool IsWhole(ProofJob job, string id) =>
        job.Id == id && job.Flows is { Count: <= MostFlows } flows && flows.All(static flow => flow is not null)
        && (job.Payload is "" || (IsPayloadName(job.Payload) && JobOf(job.Payload) == id));

    /// <summary>Whether a text can name a job's bytes.</summary>
    public static bool IsPayloadName(string? text) => text is { Length: > 0 and <= LongestPayload } && !text.AsSpan().ContainsAnyExcept(PayloadLetters);

    /// <summary>A time as a sort value.</summary>
    public static string Sortable(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>Stores a job. A state that it did not have before is told: to the stream, and its end to the flows that wait for it.</summary>
    public static Batch Put(this Batch batch, ProofJob job, Precondition condition, ProofJobStatus? before)
    {
        batch.Put(ProofJob.Key(job.Id), job, condition, Indexes(job), job.ExpiresAt);
        if (job.Status == before)
        {
            return batch;
        }

        batch.Publish(EventTypes.Activity, job.Id, new ProofActivity(ProofActivity.Proof, job.Id, job.Status, job.K, job.Failure?.Reason));
        if (ProofJobTransitions.IsFinal(job.Status))
        {
            foreach (var flow in job.Flows)
            {
                batch.RaiseFlowEvent(flow, ProofFlowEvents.Ended, job.Id);
            }
        }

        return batch;
    }
}

/// <summary>What the stream tells of a job.</summary>
/// <param name="Kind">Always <see cref="Proof"/>.</param>
/// <param name="JobId">The job.</param>
/// <param name="Status">Its state.</param>
/// <param name="K">The circuit has 2^K rows; null while it is not known.</param>
/// <param name="Reason">Why it failed.</param>
internal sealed record ProofActivity(string Kind, string JobId, ProofJobStatus Status, int? K, string? Reason)
{
    public const string Proof = "proof";
}

/// <summary>The events of jobs for flows.</summary>
public static class ProofFlowEvents
{
    /// <summary>A job that the flow waits for has ended; the payload is the job's id.</summary>
    public const string Ended = "proof";
}
