using MidnightOS.Core.Documents;
using MidnightOS.Storage.Documents;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Maintenance;

/// <summary>Deletes what expired, a bounded number at a time. Readers have not seen it since its time came; this only gives the room back.</summary>
internal static class ExpiredRecords
{
    /// <summary>Records of each table in one step: few enough that no writer waits long behind it.</summary>
    public const int Step = 200;

    /// <summary>Statements of the table of claims.</summary>
    public static readonly (string Find, string Delete) Claims =
        ("SELECT kind, value FROM claims WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2", "DELETE FROM claims WHERE kind = $1 AND value = $2");

    /// <summary>Statements of the tables of the volatile database.</summary>
    public static readonly (string Find, string Delete)[] VolatileTables =
    [
        ("SELECT key, '' FROM counters WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2", "DELETE FROM counters WHERE key = $1 AND $2 = ''"),
        ("SELECT name, '' FROM leases WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2", "DELETE FROM leases WHERE name = $1 AND $2 = ''"),
    ];

    /// <summary>Finds expired documents.</summary>
    public const string FindDocuments =
        "SELECT seq, tenant, kind, id, entries FROM documents WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2";

    /// <returns>How many were deleted, and whether some table may have more.</returns>
    public static (int Deleted, bool More) Delete(SqliteSession session, DateTimeOffset now)
    {
        var (claims, documents) = (DeleteKeys(session, Claims.Find, Claims.Delete, now), DeleteDocuments(session, now));
        return (claims + documents, claims == Step || documents == Step);
    }

    /// <returns>How many leases and counters were deleted, and whether some table may have more.</returns>
    public static (int Deleted, bool More) DeleteVolatile(SqliteSession session, DateTimeOffset now)
    {
        var counts = VolatileTables.Select(table => DeleteKeys(session, table.Find, table.Delete, now)).ToList();
        return (counts.Sum(), counts.Contains(Step));
    }

    private static int DeleteKeys(SqliteSession session, string find, string delete, DateTimeOffset now)
    {
        var keys = session.Query(find, row => (row.GetString(0), row.GetString(1)), Stamp.ToStored(now), Step);
        foreach (var (first, second) in keys)
        {
            session.Execute(delete, first, second);
        }

        return keys.Count;
    }

    private static int DeleteDocuments(SqliteSession session, DateTimeOffset now)
    {
        var documents = session.Query(
            FindDocuments,
            row => (Seq: row.GetInt64(0), Tenant: row.GetString(1), Key: new DocumentKey(row.GetString(2), row.GetString(3)), Entries: row.GetString(4)),
            Stamp.ToStored(now), Step);
        foreach (var document in documents)
        {
            DocumentCommit.Delete(session, document.Tenant, document.Key, document.Seq, document.Entries);
        }

        return documents.Count;
    }
}
