using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Documents;

/// <summary>One batch in an open transaction: every precondition is looked at first, then everything is written.</summary>
internal sealed class DocumentCommit(SqliteSession session, TenantId tenant, DateTimeOffset now)
{
    public CommitResult Run(IReadOnlyList<DocumentWrite> writes)
    {
        var found = new Row?[writes.Count];
        for (var i = 0; i < writes.Count; i++)
        {
            found[i] = Find(writes[i].Key);
            if (!Holds(writes[i].Condition, found[i]))
            {
                return new CommitResult([], i);
            }
        }

        var etags = new string?[writes.Count];
        for (var i = 0; i < writes.Count; i++)
        {
            etags[i] = Write(writes[i], found[i]);
        }

        return new CommitResult(etags, null);
    }

    /// <summary>Deletes a document with its entries.</summary>
    public static void Delete(SqliteSession session, string tenant, DocumentKey key, long seq, string entries)
    {
        DeleteEntries(session, tenant, key, Read(entries));
        session.Execute("DELETE FROM documents WHERE seq = $1", seq);
    }

    private Row? Find(DocumentKey key) => session.QueryFirst(
        "SELECT seq, etag, expires_at, entries FROM documents WHERE tenant = $1 AND kind = $2 AND id = $3",
        row => new Row(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetString(3)),
        tenant.Value, key.Kind, key.Id);

    private bool Holds(Precondition condition, Row? row)
    {
        var live = row is not null && (row.ExpiresAt is null || row.ExpiresAt > Stamp.ToStored(now));
        return condition.MustNotExist ? !live : condition.ETag is null || (live && row!.ETag == condition.ETag);
    }

    private string? Write(DocumentWrite write, Row? row)
    {
        switch (write)
        {
            case DocumentWrite.Put put:
                return Put(put, row);
            case DocumentWrite.Delete when row is not null:
                Delete(session, tenant.Value, write.Key, row.Seq, row.Entries);
                return null;
            default:
                return null;
        }
    }

    private string Put(DocumentWrite.Put put, Row? row)
    {
        var etag = Stamp.NewETag();
        var entries = ToText(put);
        var seq = row is null ? Insert(put, etag, entries) : Update(put, row.Seq, etag, entries);
        if (row?.Entries == entries)
        {
            return etag;
        }

        if (row is not null)
        {
            DeleteEntries(session, tenant.Value, put.Key, Read(row.Entries));
        }

        foreach (var entry in put.Indexes)
        {
            session.Execute(
                "INSERT INTO document_entries (tenant, kind, name, value, sort, id, seq) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                tenant.Value, put.Key.Kind, entry.Name, entry.Value, entry.Sort ?? put.Key.Id, put.Key.Id, seq);
        }

        return etag;
    }

    private long Insert(DocumentWrite.Put put, string etag, string entries) => session.QueryFirst(
        """
        INSERT INTO documents (tenant, kind, id, etag, expires_at, entries, json) VALUES ($1, $2, $3, $4, $5, $6, $7)
        RETURNING seq
        """,
        row => row.GetInt64(0), tenant.Value, put.Key.Kind, put.Key.Id, etag, Stamp.ToStored(put.ExpiresAt), entries, put.Json);

    private long Update(DocumentWrite.Put put, long seq, string etag, string entries)
    {
        session.Execute(
            "UPDATE documents SET etag = $2, expires_at = $3, entries = $4, json = $5 WHERE seq = $1",
            seq, etag, Stamp.ToStored(put.ExpiresAt), entries, put.Json);
        return seq;
    }

    private static void DeleteEntries(SqliteSession session, string tenant, DocumentKey key, string[][] entries)
    {
        foreach (var entry in entries)
        {
            session.Execute(
                "DELETE FROM document_entries WHERE tenant = $1 AND kind = $2 AND name = $3 AND value = $4 AND sort = $5 AND id = $6",
                tenant, key.Kind, entry[0], entry[1], entry[2], key.Id);
        }
    }

    private static string ToText(DocumentWrite.Put put) => put.Indexes.Count == 0
        ? ""
        : JsonSerializer.Serialize(put.Indexes.Select(entry => new[] { entry.Name, entry.Value, entry.Sort ?? put.Key.Id }));

    private static string[][] Read(string entries) => entries.Length == 0 ? [] : JsonSerializer.Deserialize<string[][]>(entries)!;

    private sealed record Row(long Seq, string ETag, long? ExpiresAt, string Entries);
}
