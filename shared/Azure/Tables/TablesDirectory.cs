using Azure.Data.Tables;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Azure.Tables;

/// <summary>The directory, or a part of it, in a table.</summary>
internal sealed class TablesDirectory : IDirectory
{
    private readonly TablesClaims _claims;
    private readonly TablesDueMarkers _markers;

    public TablesDirectory(TableServiceClient service, string table, TimeProvider time)
    {
        var rows = new TableRows(service, table);
        _claims = new TablesClaims(rows, time);
        _markers = new TablesDueMarkers(rows, time);
    }

    public Task<ClaimOutcome> ClaimAsync(DirectoryKey key, DirectoryClaim claim, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(key, claim);
        return _claims.ClaimAsync(key, claim, cancellationToken);
    }

    public Task<StoredClaim?> FindAsync(DirectoryKey key, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(key);
        return _claims.FindAsync(key, cancellationToken);
    }

    public Task<string?> ReplaceAsync(DirectoryKey key, DirectoryClaim claim, string etag, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(key, claim, etag);
        return _claims.ReplaceAsync(key, claim, etag, cancellationToken);
    }

    public Task<bool> ReleaseAsync(DirectoryKey key, string? etag, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(key);
        return _claims.ReleaseAsync(key, etag, cancellationToken);
    }

    public Task MarkDueAsync(string queue, TenantId tenant, string subject, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(queue, tenant, subject);
        return _markers.MarkAsync(queue, tenant, subject, dueAt, cancellationToken);
    }

    public Task<IReadOnlyList<DueMarker>> ListDueAsync(string queue, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(queue, limit);
        return _markers.ListAsync(queue, now, limit, cancellationToken);
    }

    public Task<bool> PostponeAsync(DueMarker marker, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(marker);
        return _markers.PostponeAsync(marker, dueAt, cancellationToken);
    }

    public Task<bool> ClearAsync(DueMarker marker, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(marker);
        return _markers.ClearAsync(marker, cancellationToken);
    }
}
