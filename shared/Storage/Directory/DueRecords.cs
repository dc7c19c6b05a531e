using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Directory;

/// <summary>The statements of due markers.</summary>
internal static class DueRecords
{
    // Marking again always makes a new version: a worker that clears or postpones what it listed before does not lose the new work.
    public static bool Mark(SqliteSession session, string queue, TenantId tenant, string subject, DateTimeOffset dueAt, DateTimeOffset now) =>
        session.Execute(
            """
            INSERT INTO due_markers (queue, tenant, subject, due_at, marked_at, etag) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (queue, tenant, subject) DO UPDATE SET
                due_at = min(due_at, excluded.due_at), marked_at = excluded.marked_at, etag = excluded.etag
            """,
            queue, tenant.Value, subject, Stamp.ToStored(dueAt), Stamp.ToStored(now), Stamp.NewETag()) == 1;

    public static IReadOnlyList<DueMarker> List(SqliteSession session, string queue, DateTimeOffset now, int limit) => session.Query(
        """
        SELECT tenant, subject, due_at, marked_at, etag FROM due_markers
        WHERE queue = $1 AND due_at <= $2 ORDER BY due_at, tenant, subject LIMIT $3
        """,
        row => new DueMarker(
            queue, new TenantId(row.GetString(0)), row.GetString(1),
            Stamp.FromStored(row.GetInt64(2)), Stamp.FromStored(row.GetInt64(3)), row.GetString(4)),
        queue, Stamp.ToStored(now), limit);

    public static bool Postpone(SqliteSession session, DueMarker marker, DateTimeOffset dueAt) => session.Execute(
        "UPDATE due_markers SET due_at = $5, etag = $6 WHERE queue = $1 AND tenant = $2 AND subject = $3 AND etag = $4",
        marker.Queue, marker.Tenant.Value, marker.Subject, marker.ETag, Stamp.ToStored(dueAt), Stamp.NewETag()) == 1;

    public static bool Clear(SqliteSession session, DueMarker marker) => session.Execute(
        "DELETE FROM due_markers WHERE queue = $1 AND tenant = $2 AND subject = $3 AND etag = $4",
        marker.Queue, marker.Tenant.Value, marker.Subject, marker.ETag) == 1;
}
