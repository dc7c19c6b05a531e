using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Documents;

/// <summary>Documents in SQLite.</summary>
internal sealed class SqliteDocumentStore(SqliteDatabase database, TimeProvider time) : IDocumentStore
{
    private byte[]? _continuationKey;

    public Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken)
    {
        if (!DocumentRules.MayExist(key))
        {
            return Task.FromResult<StoredDocument?>(null);
        }

        return database.ReadAsync(
            session => session.QueryFirst(
                """
                SELECT etag, json FROM documents
                WHERE tenant = $1 AND kind = $2 AND id = $3 AND (expires_at IS NULL OR expires_at > $4)
                """,
                row => new StoredDocument(key, row.GetFieldValue<byte[]>(1), row.GetString(0)),
                tenant.Value, key.Kind, key.Id, Stamp.ToStored(time.GetUtcNow())),
            cancellationToken);
    }

    public Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken)
    {
        DocumentRules.Check(query);
        return database.ReadAsync(session => Query(session, tenant, query), cancellationToken);
    }

    public Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        DocumentRules.Check(writes);
        _ = tenant.Value;
        return database.WriteAsync(session => new DocumentCommit(session, tenant, time.GetUtcNow()).Run(writes), cancellationToken);
    }

    private DocumentPage Query(SqliteSession session, TenantId tenant, DocumentQuery query)
    {
        _continuationKey ??= session.QueryFirst("SELECT value FROM secrets WHERE name = 'continuation'", row => row.GetFieldValue<byte[]>(0))!;
        var from = query.Continuation is null ? null : ContinuationToken.Read(_continuationKey, tenant, query);
        var rows = DocumentPages.Read(session, tenant, query, from, time.GetUtcNow());
        var more = rows.Count > query.Limit;
        if (more)
        {
            rows.RemoveAt(query.Limit);
        }

        return new DocumentPage(
            rows.ConvertAll(row => row.ToDocument(query.Kind)),
            more ? ContinuationToken.Write(_continuationKey, tenant, query, rows[^1].Position) : null);
    }
}
