using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Proofs;

/// <summary>Erases the bytes of jobs whose time has passed, and of those that were never stored.</summary>
public sealed class EraseProofs(IDocumentStore store, IDirectory directory, ProofPayloads payloads, TimeProvider time) : IBackgroundWork
{
    private const int AtOnce = 100;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Name => "erase-proofs";

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var markers = await directory.ListDueAsync(ProofDocuments.EraseQueue, time.GetUtcNow(), AtOnce, cancellationToken);
        foreach (var marker in markers)
        {
            var id = ProofDocuments.JobOf(marker.Subject);
            var (job, _) = await store.ReadStrangeAsync<ProofJob>(marker.Tenant, ProofJob.Key(id), found => ProofDocuments.IsWhole(found, id), cancellationToken);
            if (job is { Status: not ProofJobStatus.Cancelled } && job.Payload == marker.Subject)
            {
                // It waits or runs still.
                await directory.PostponeAsync(marker, job.ExpiresAt ?? time.GetUtcNow() + LookAgainAfter, cancellationToken);
                continue;
            }

            // What cannot name bytes has none; it must not keep those of others from being erased.
            if (ProofDocuments.IsPayloadName(marker.Subject))
            {
                await payloads.DeleteAsync(marker.Tenant, marker.Subject, cancellationToken);
            }

            await directory.ClearAsync(marker, cancellationToken);
        }

        return markers.Count == AtOnce;
    }
}
