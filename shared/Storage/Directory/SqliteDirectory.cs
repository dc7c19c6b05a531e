using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Directory;

/// <summary>The directory in SQLite.</summary>
internal sealed class SqliteDirectory(SqliteDatabase database, TimeProvider time) : IDirectory
{
    public Task<ClaimOutcome> ClaimAsync(DirectoryKey key, DirectoryClaim claim, CancellationToken cancellationToken)
    {
        Check(key, claim);
        return database.WriteAsync(session => ClaimRecords.Claim(session, key, claim, Now), cancellationToken);
    }

    public Task<StoredClaim?> FindAsync(DirectoryKey key, CancellationToken cancellationToken)
    {
        Check(key);
        return database.ReadAsync(session => ClaimRecords.Find(session, key, Now), cancellationToken);
    }

    public Task<string?> ReplaceAsync(DirectoryKey key, DirectoryClaim claim, string etag, CancellationToken cancellationToken)
    {
        Check(key, claim);
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return database.WriteAsync(session => ClaimRecords.Replace(session, key, claim, etag, Now), cancellationToken);
    }

    public Task<bool> ReleaseAsync(DirectoryKey key, string? etag, CancellationToken cancellationToken)
    {
        Check(key);
        return database.WriteAsync(session => ClaimRecords.Release(session, key, etag, Now), cancellationToken);
    }

    public Task MarkDueAsync(string queue, TenantId tenant, string subject, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentException.ThrowIfNullOrEmpty(subject);
        _ = tenant.Value;
        return database.WriteAsync(session => DueRecords.Mark(session, queue, tenant, subject, dueAt, Now), cancellationToken);
    }

    public Task<IReadOnlyList<DueMarker>> ListDueAsync(string queue, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return database.ReadAsync(session => DueRecords.List(session, queue, now, limit), cancellationToken);
    }

    public Task<bool> PostponeAsync(DueMarker marker, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(marker);
        return database.WriteAsync(session => DueRecords.Postpone(session, marker, dueAt), cancellationToken);
    }

    public Task<bool> ClearAsync(DueMarker marker, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(marker);
        return database.WriteAsync(session => DueRecords.Clear(session, marker), cancellationToken);
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private static void Check(DirectoryKey key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key.Kind, nameof(key));
        ArgumentException.ThrowIfNullOrEmpty(key.Value, nameof(key));
    }

    private static void Check(DirectoryKey key, DirectoryClaim claim)
    {
        Check(key);
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(claim.Subject, nameof(claim));
        _ = claim.Tenant.Value;
    }
}
