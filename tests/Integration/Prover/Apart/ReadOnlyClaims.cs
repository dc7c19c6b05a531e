using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Tests.Integration.Prover.Apart;

/// <summary>Claims for an identity that may only read them.</summary>
internal sealed class ReadOnlyClaims(IDirectory claims) : IDirectory
{
    public Task<StoredClaim?> FindAsync(DirectoryKey key, CancellationToken cancellationToken) => claims.FindAsync(key, cancellationToken);

    public Task<ClaimOutcome> ClaimAsync(DirectoryKey key, DirectoryClaim claim, CancellationToken cancellationToken) => throw Forbidden();

    public Task<string?> ReplaceAsync(DirectoryKey key, DirectoryClaim claim, string etag, CancellationToken cancellationToken) => throw Forbidden();

    public Task<bool> ReleaseAsync(DirectoryKey key, string? etag, CancellationToken cancellationToken) => throw Forbidden();

    public Task MarkDueAsync(string queue, TenantId tenant, string subject, DateTimeOffset dueAt, CancellationToken cancellationToken) => throw Forbidden();

    public Task<IReadOnlyList<DueMarker>> ListDueAsync(string queue, DateTimeOffset now, int limit, CancellationToken cancellationToken) => throw Forbidden();

    public Task<bool> PostponeAsync(DueMarker marker, DateTimeOffset dueAt, CancellationToken cancellationToken) => throw Forbidden();

    public Task<bool> ClearAsync(DueMarker marker, CancellationToken cancellationToken) => throw Forbidden();

    private static InvalidOperationException Forbidden() => new("The identity may only read.");
}
