using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Documents;

/// <summary>The statements of pages. A page starts at a key, never at an offset, so what is inserted or deleted elsewhere does not move it.</summary>
internal static class DocumentPages
{
    // The kind as its own index: the documents' own unique key, in which the sort value is the id.
    private const string ByKind = """
        SELECT d.id, d.id, d.etag, d.json FROM documents d
        WHERE d.tenant = $1 AND d.kind = $2
        """;

    // CROSS JOIN keeps the entries outside: SQLite does not reorder it (https://www.sqlite.org/optoverview.html#manctrl).
    private const string ByEntry = """
        SELECT e.sort, e.id, d.etag, d.json FROM document_entries e CROSS JOIN documents d ON d.seq = e.seq
        WHERE e.tenant = $1 AND e.kind = $2 AND e.name = $3 AND e.value = $4
        """;

    /// <summary>One row more than the limit, which tells whether another page follows.</summary>
    public static List<Row> Read(SqliteSession session, TenantId tenant, DocumentQuery query, PagePosition? from, DateTimeOffset now) =>
        session.Query(
            Sql(query, from is not null),
            row => new Row(new PagePosition(row.GetString(0), row.GetString(1)), row.GetString(2), row.GetFieldValue<byte[]>(3)),
            tenant.Value, query.Kind, query.Index, query.Index is null ? null : query.Value, query.After, query.Before, from?.Sort, from?.Id,
            Stamp.ToStored(now), query.Limit + 1);

    /// <summary>The statement of a query; one of 32 texts, each prepared once a connection.</summary>
    public static string Sql(DocumentQuery query, bool continued)
    {
        var byEntry = query.Index is not null;
        var sort = byEntry ? "e.sort" : "d.id";
        var (beyond, order) = query.Descending ? ("<", "DESC") : (">", "ASC");
        var position = byEntry ? $"(e.sort, e.id) {beyond} ($7, $8)" : $"d.id {beyond} $8";

        // A continuation is itself the bound that the page starts from, so that it always lies at the start of one range of the tree.
        var lower = query.After is not null && (query.Descending || !continued) ? $" AND {sort} > $5" : "";
        var upper = query.Before is not null && (!query.Descending || !continued) ? $" AND {sort} < $6" : "";
        var start = continued ? $" AND {position}" : "";
        var ids = byEntry ? $"e.sort {order}, e.id {order}" : $"d.id {order}";
        return $"{(byEntry ? ByEntry : ByKind)}{lower}{upper}{start} AND (d.expires_at IS NULL OR d.expires_at > $9) ORDER BY {ids} LIMIT $10";
    }

    internal sealed record Row(PagePosition Position, string ETag, byte[] Json)
    {
        public StoredDocument ToDocument(string kind) => new(new DocumentKey(kind, Position.Id), Json, ETag);
    }
}
