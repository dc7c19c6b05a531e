using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Proofs;

/// <summary>A proof to make.</summary>
/// <param name="Content">The body of an official <c>POST /prove</c>: preimage, key material, binding input. It holds a private witness; the caller zeroes it.</param>
/// <param name="Priority">Who goes first within the tenant.</param>
/// <param name="FlowId">The flow that waits for its end (<see cref="ProofFlowEvents.Ended"/>); null for none.</param>
/// <param name="K">The circuit has 2^K rows; null when that is not known yet.</param>
public sealed record ProofRequest(ReadOnlyMemory<byte> Content, ProofPriority Priority = ProofPriority.Normal, string? FlowId = null, int? K = null);

/// <summary>Accepts a proof job. The same content of the same tenant is the same job: one that waits, runs or succeeded is given as it is, one that can be tried anew is.</summary>
public sealed class SubmitProof(
    ChangeProof change, ProofPayloads payloads, IDirectory directory, IIdGenerator ids, IOptions<ProofOptions> options, TimeProvider time)
{
    // Erased should the job itself never be stored.
    private static readonly TimeSpan OrphanAfter = TimeSpan.FromHours(1);

    /// <summary>The id of the job of a content.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="contentHash">SHA-256 of the content, lower hex.</param>
    public static string IdOf(TenantId tenant, string contentHash) => IdGenerator.Of(IdPrefix.Proof, tenant.Value, contentHash);

    /// <summary>SHA-256 of a content, lower hex.</summary>
    public static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Accepts the job; it is durable when this returns.</summary>
    /// <returns>The job, or <c>RATE_LIMITED</c> when too many of the tenant's wait.</returns>
    public async Task<Result<ProofJob>> RunAsync(TenantId tenant, ProofRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var fresh = New(tenant, request);
        var isFull = false;
        var (known, _) = await change.RunAsync(tenant, fresh.Id, LookAndJoin, cancellationToken);
        if (known is not null && !MayBeTriedAnew(known) && !await IsLostAsync(tenant, known, cancellationToken))
        {
            return known;
        }

        if (isFull)
        {
            return Full;
        }

        await directory.MarkDueAsync(ProofDocuments.EraseQueue, tenant, fresh.Payload, time.GetUtcNow() + OrphanAfter, cancellationToken);
        await payloads.PutRequestAsync(tenant, fresh.Payload, request.Content, cancellationToken);
        return await AcceptAsync(tenant, fresh, known?.Payload, request, cancellationToken);

        ProofJob? LookAndJoin(ProofJob? job, ProofBacklog backlog)
        {
            isFull = IsFull(backlog, fresh);
            return Join(job, request);
        }
    }

    /// <summary>Whether asking again makes sense: it was taken back, or failed by no fault of its content.</summary>
    public static bool MayBeTriedAnew(ProofJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job is { Status: ProofJobStatus.Cancelled } or { Status: ProofJobStatus.Failed, Failure.Kind: not ProofFailureKind.BadInput };
    }

    /// <param name="tenant">Whose it is.</param>
    /// <param name="fresh">The job to be stored.</param>
    /// <param name="replaced">The bytes of the job that it replaces; null for none.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    private async Task<Result<ProofJob>> AcceptAsync(TenantId tenant, ProofJob fresh, string? replaced, ProofRequest request, CancellationToken cancellationToken)
    {
        var isFull = false;
        var (accepted, _) = await change.RunAsync(tenant, fresh.Id, Accept, cancellationToken);
        if (accepted?.Payload != fresh.Payload)
        {
            await payloads.DeleteAsync(tenant, fresh.Payload, cancellationToken);
        }

        return isFull || accepted is null ? Full : accepted;

        ProofJob? Accept(ProofJob? job, ProofBacklog backlog)
        {
            if (job is not null && !MayBeTriedAnew(job) && job.Payload != replaced)
            {
                isFull = false;
                return Join(job, request);
            }

            isFull = IsFull(backlog, fresh);
            return isFull ? null : fresh;
        }
    }

    private static Error Full => new(ErrorCodes.RateLimited, "Too many proofs of this tenant wait already.") { RetryAfter = TimeSpan.FromSeconds(30) };

    private bool IsFull(ProofBacklog backlog, ProofJob fresh) =>
        backlog.Waiting >= options.Value.QueuedPerTenant || (backlog.Waiting > 0 && backlog.Bytes + fresh.RequestBytes > options.Value.QueuedBytesPerTenant);

    // Its record says that it succeeded, and nothing is there that can be read.
    private async Task<bool> IsLostAsync(TenantId tenant, ProofJob job, CancellationToken cancellationToken) =>
        job.Status is ProofJobStatus.Succeeded && await payloads.ReadResultAsync(tenant, job.Payload, cancellationToken) is null;

    private ProofJob New(TenantId tenant, ProofRequest request)
    {
        var hash = HashOf(request.Content.Span);
        var id = IdOf(tenant, hash);
        return new ProofJob
        {
            Id = id,
            ContentHash = hash,
            Payload = ProofDocuments.PayloadName(id, ids.New("")),
            Status = ProofJobStatus.Queued,
            Priority = request.Priority,
            K = request.K,
            RequestBytes = request.Content.Length,
            Flows = request.FlowId is { } flow ? [flow] : [],
            CreatedAt = time.GetUtcNow(),
        };
    }

    private static ProofJob? Join(ProofJob? job, ProofRequest request)
    {
        if (job is null || ProofJobTransitions.IsFinal(job.Status))
        {
            return job;
        }

        var flows = request.FlowId is { } flow && job.Flows.Count < ProofDocuments.MostFlows && !job.Flows.Contains(flow, StringComparer.Ordinal) ? [.. job.Flows, flow] : job.Flows;
        return job with { Flows = flows, Priority = request.Priority > job.Priority ? request.Priority : job.Priority, K = job.K ?? request.K };
    }
}
