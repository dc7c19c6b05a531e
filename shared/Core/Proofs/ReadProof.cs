using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Proofs;

/// <summary>Reads jobs and their proofs.</summary>
public sealed class ReadProof(IDocumentStore store, ProofPayloads payloads)
{
    private const int LongestLine = 200;

    /// <summary>A job; null when the tenant has none of this id.</summary>
    public async Task<ProofJob?> FindAsync(TenantId tenant, string jobId, CancellationToken cancellationToken) =>
        (await store.ReadStrangeAsync<ProofJob>(tenant, ProofJob.Key(jobId), job => ProofDocuments.IsWhole(job, jobId), cancellationToken)).Value;

    /// <summary>A page of the tenant's jobs, the newest first.</summary>
    public async Task<(IReadOnlyList<ProofJob> Jobs, string? Continuation)> ListAsync(
        TenantId tenant, int limit, string? continuation, CancellationToken cancellationToken)
    {
        var page = await store.QueryAsync(tenant, ProofDocuments.Newest with { Limit = limit, Continuation = continuation }, cancellationToken);
        return ([.. page.Documents.Select(static document => document.As<ProofJob>().Value)], page.Continuation);
    }

    /// <summary>The proof of a job that succeeded: the answer of an official <c>POST /prove</c>.</summary>
    /// <returns>The bytes; <c>NOT_FOUND</c>, or <c>INVALID_STATE</c> with the reason when there is no proof (yet).</returns>
    public async Task<Result<byte[]>> ResultAsync(TenantId tenant, string jobId, CancellationToken cancellationToken)
    {
        var job = await FindAsync(tenant, jobId, cancellationToken);
        if (job is null)
        {
            return Error.NotFound("proof job");
        }

        if (job.Status is not ProofJobStatus.Succeeded)
        {
            return new Error(ErrorCodes.InvalidState, job.Failure?.Reason ?? $"The job is {job.Status.ToString().ToLowerInvariant()}.");
        }

        return await payloads.ReadResultAsync(tenant, job.Payload, cancellationToken) is { } proof ? proof : Error.NotFound("proof");
    }

    /// <summary>A job's place in its tenant's line: 1 is the next; null when it does not wait, or further back than is counted.</summary>
    public async Task<int?> PositionAsync(TenantId tenant, ProofJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.Status is not ProofJobStatus.Queued)
        {
            return null;
        }

        var line = await store.QueryAsync(tenant, ProofDocuments.Queued with { Limit = LongestLine }, cancellationToken);
        var place = line.Documents.Select(static document => document.Key.Id).ToList().IndexOf(job.Id);
        return place < 0 ? null : place + 1;
    }
}
