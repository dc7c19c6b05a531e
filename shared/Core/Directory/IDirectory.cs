using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Directory;

/// <summary>The one store without a tenant: unique claims that lead to a tenant, and markers of work that is due. Partitioned by the hash of the key.</summary>
/// <remarks>A claim is written before what it points to; an orphan expires or is taken over by whoever checks that it points to nothing.</remarks>
public interface IDirectory
{
    /// <summary>Writes a claim unless a live one is there.</summary>
    /// <returns>The claim that now stands, and whether it is the new one.</returns>
    Task<ClaimOutcome> ClaimAsync(DirectoryKey key, DirectoryClaim claim, CancellationToken cancellationToken);

    /// <summary>The live claim of a key; null when there is none or it has expired.</summary>
    Task<StoredClaim?> FindAsync(DirectoryKey key, CancellationToken cancellationToken);

    /// <summary>Replaces a claim that is still in the version given.</summary>
    /// <returns>The new ETag; null when it changed meanwhile.</returns>
    Task<string?> ReplaceAsync(DirectoryKey key, DirectoryClaim claim, string etag, CancellationToken cancellationToken);

    /// <summary>Deletes a claim; with an ETag only in that version.</summary>
    /// <returns>Whether a claim was deleted.</returns>
    Task<bool> ReleaseAsync(DirectoryKey key, string? etag, CancellationToken cancellationToken);

    /// <summary>Writes or moves a marker: this subject of this tenant has work of this queue, due then. One marker a queue, tenant and subject; the earlier due time wins.</summary>
    Task MarkDueAsync(string queue, TenantId tenant, string subject, DateTimeOffset dueAt, CancellationToken cancellationToken);

    /// <summary>Markers that are due, the longest due first.</summary>
    /// <param name="queue">A constant of its slice: "outbox".</param>
    /// <param name="now">Markers due by then.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<IReadOnlyList<DueMarker>> ListDueAsync(string queue, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Moves a marker to a later time if it is still in the version that was listed.</summary>
    /// <returns>Whether it was moved.</returns>
    Task<bool> PostponeAsync(DueMarker marker, DateTimeOffset dueAt, CancellationToken cancellationToken);

    /// <summary>Deletes a marker if it is still in the version that was listed: work that was marked meanwhile stays marked.</summary>
    /// <returns>Whether it was deleted.</returns>
    Task<bool> ClearAsync(DueMarker marker, CancellationToken cancellationToken);
}

/// <summary>What a claim is about.</summary>
/// <param name="Kind">A constant of its slice: "email", "refresh".</param>
/// <param name="Value">The claimed value, normalised by the slice; a secret comes hashed.</param>
public readonly record struct DirectoryKey(string Kind, string Value);

/// <summary>What a claim leads to.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Subject">The id inside the tenant: a user, session, webhook, bot.</param>
/// <param name="ExpiresAt">From then on the claim is not there; null = it stays.</param>
/// <param name="Data">A few bytes of the slice's own, as text; null when it needs none.</param>
public sealed record DirectoryClaim(TenantId Tenant, string Subject, DateTimeOffset? ExpiresAt = null, string? Data = null);

/// <summary>A claim as stored.</summary>
/// <param name="Claim">What it leads to.</param>
/// <param name="ETag">Its version; opaque.</param>
public sealed record StoredClaim(DirectoryClaim Claim, string ETag);

/// <summary>What became of a claim.</summary>
/// <param name="Stored">The claim that stands now.</param>
/// <param name="Created">Whether it is the one that was asked for.</param>
public sealed record ClaimOutcome(StoredClaim Stored, bool Created);

/// <summary>A marker of due work.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Tenant">Whose work it is.</param>
/// <param name="Subject">What the work is about.</param>
/// <param name="DueAt">Since when it is due.</param>
/// <param name="MarkedAt">When it was last marked.</param>
/// <param name="ETag">Its version; opaque.</param>
public sealed record DueMarker(string Queue, TenantId Tenant, string Subject, DateTimeOffset DueAt, DateTimeOffset MarkedAt, string ETag);
