using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs.Apart;

/// <summary>The directory in three parts, each with rights of its own.</summary>
/// <param name="platform">Who is who, and what of the platform is due; null for an app that has no right on it.</param>
/// <param name="proofs">What of <see cref="ProofArea"/> is due; null for an app that has no right on it.</param>
/// <param name="keys">The claims that say who may ask for proofs; null for an app that has no right on them.</param>
public sealed class DividedDirectory(IDirectory? platform, IDirectory? proofs, IDirectory? keys) : IDirectory
{
    /// <inheritdoc/>
    public Task<ClaimOutcome> ClaimAsync(DirectoryKey key, DirectoryClaim claim, CancellationToken cancellationToken) => Of(key).ClaimAsync(key, claim, cancellationToken);

    /// <inheritdoc/>
    public Task<StoredClaim?> FindAsync(DirectoryKey key, CancellationToken cancellationToken) => Of(key).FindAsync(key, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> ReplaceAsync(DirectoryKey key, DirectoryClaim claim, string etag, CancellationToken cancellationToken) =>
        Of(key).ReplaceAsync(key, claim, etag, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(DirectoryKey key, string? etag, CancellationToken cancellationToken) => Of(key).ReleaseAsync(key, etag, cancellationToken);

    /// <inheritdoc/>
    public Task MarkDueAsync(string queue, TenantId tenant, string subject, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        Of(queue).MarkDueAsync(queue, tenant, subject, dueAt, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueMarker>> ListDueAsync(string queue, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        Of(queue).ListDueAsync(queue, now, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PostponeAsync(DueMarker marker, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(marker);
        return Of(marker.Queue).PostponeAsync(marker, dueAt, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> ClearAsync(DueMarker marker, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(marker);
        return Of(marker.Queue).ClearAsync(marker, cancellationToken);
    }

    private IDirectory Of(DirectoryKey key) => (ProofArea.ReadsClaims(key.Kind) ? keys : platform) ?? throw NoRight($"claims of the kind {key.Kind}");

    private IDirectory Of(string queue) => (ProofArea.HasMarkers(queue) ? proofs : platform) ?? throw NoRight($"due markers of the queue {queue}");

    private static InvalidOperationException NoRight(string what) => new($"This app has no right on {what}.");
}
