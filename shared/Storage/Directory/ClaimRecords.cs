using Microsoft.Data.Sqlite;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Directory;

/// <summary>The statements of claims. A claim whose time has come counts as gone everywhere, swept or not.</summary>
internal static class ClaimRecords
{
    public static StoredClaim? Find(SqliteSession session, DirectoryKey key, DateTimeOffset now) => session.QueryFirst(
        """
        SELECT tenant, subject, expires_at, data, etag FROM claims
        WHERE kind = $1 AND value = $2 AND (expires_at IS NULL OR expires_at > $3)
        """,
        ToClaim, key.Kind, key.Value, Stamp.ToStored(now));

    public static ClaimOutcome Claim(SqliteSession session, DirectoryKey key, DirectoryClaim claim, DateTimeOffset now)
    {
        if (Find(session, key, now) is { } standing)
        {
            return new ClaimOutcome(standing, false);
        }

        return new ClaimOutcome(new StoredClaim(claim, Write(session, key, claim)), true);
    }

    public static string? Replace(SqliteSession session, DirectoryKey key, DirectoryClaim claim, string etag, DateTimeOffset now) =>
        Find(session, key, now)?.ETag == etag ? Write(session, key, claim) : null;

    public static bool Release(SqliteSession session, DirectoryKey key, string? etag, DateTimeOffset now)
    {
        var standing = Find(session, key, now);
        return standing is not null
            && (etag is null || standing.ETag == etag)
            && session.Execute("DELETE FROM claims WHERE kind = $1 AND value = $2", key.Kind, key.Value) == 1;
    }

    private static string Write(SqliteSession session, DirectoryKey key, DirectoryClaim claim)
    {
        var etag = Stamp.NewETag();
        session.Execute(
            """
            INSERT INTO claims (kind, value, tenant, subject, expires_at, data, etag) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (kind, value) DO UPDATE SET
                tenant = excluded.tenant, subject = excluded.subject, expires_at = excluded.expires_at, data = excluded.data, etag = excluded.etag
            """,
            key.Kind, key.Value, claim.Tenant.Value, claim.Subject, Stamp.ToStored(claim.ExpiresAt), claim.Data, etag);
        return etag;
    }

    private static StoredClaim ToClaim(SqliteDataReader row) => new(
        new DirectoryClaim(
            new TenantId(row.GetString(0)), row.GetString(1), row.IsDBNull(2) ? null : Stamp.FromStored(row.GetInt64(2)),
            row.IsDBNull(3) ? null : row.GetString(3)),
        row.GetString(4));
}
