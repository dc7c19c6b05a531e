using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Directory;

/// <summary>The directory in SQLite.</summary>
internal sealed class SqliteDirectory(SqliteDatabase database, TimeProvider time) : IDirectory
{
    public Task<ClaimOutcome> ClaimAsync(DirectoryKey key, DirectoryClaim claim, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(key, claim);
        return database.WriteAsync(session => ClaimRecords.Claim(session, key, claim, Now), cancellationToken);
    }

    public Task<StoredClaim?> FindAsync(DirectoryKey key, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(key);
        return database.ReadAsync(session => ClaimRecords.Find(session, key, Now), cancellationToken);
    }

    public Task<string?> ReplaceAsync(DirectoryKey key, DirectoryClaim claim, string etag, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(key, claim, etag);
        return database.WriteAsync(session => ClaimRecords.Replace(session, key, claim, etag, Now), cancellationToken);
    }

    public Task<bool> ReleaseAsync(DirectoryKey key, string? etag, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(key);
        return database.WriteAsync(session => ClaimRecords.Release(session, key, etag, Now), cancellationToken);
    }

    public Task MarkDueAsync(string queue, TenantId tenant, string subject, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(queue, tenant, subject);
        return database.WriteAsync(session => DueRecords.Mark(session, queue, tenant, subject, dueAt, Now), cancellationToken);
    }

    public Task<IReadOnlyList<DueMarker>> ListDueAsync(string queue, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(queue, limit);
        return database.ReadAsync(session => DueRecords.List(session, queue, now, limit), cancellationToken);
    }

    public Task<bool> PostponeAsync(DueMarker marker, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(marker);
        return database.WriteAsync(session => DueRecords.Postpone(session, marker, dueAt), cancellationToken);
    }

    public Task<bool> ClearAsync(DueMarker marker, CancellationToken cancellationToken)
    {
        DirectoryRules.Check(marker);
        return database.WriteAsync(session => DueRecords.Clear(session, marker), cancellationToken);
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
