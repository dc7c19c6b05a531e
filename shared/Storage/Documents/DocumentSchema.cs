using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Documents;

/// <summary>The tables of documents.</summary>
internal static class DocumentSchema
{
    /// <remarks>
    /// A document keeps its index entries beside its JSON, so that a replace finds what to delete without an index of its own.
    /// <c>document_entries</c> is one tree in the order of a page: a page costs the same however many documents there are.
    /// </remarks>
    public static readonly SchemaScript[] Scripts =
    [
        new("documents-001", """
            CREATE TABLE documents (
                seq INTEGER PRIMARY KEY,
                tenant TEXT NOT NULL,
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                etag TEXT NOT NULL,
                expires_at INTEGER,
                entries TEXT NOT NULL,
                json BLOB NOT NULL,
                UNIQUE (tenant, kind, id)
            ) STRICT;
            CREATE INDEX documents_expiry ON documents (expires_at) WHERE expires_at IS NOT NULL;

            CREATE TABLE document_entries (
                tenant TEXT NOT NULL,
                kind TEXT NOT NULL,
                name TEXT NOT NULL,
                value TEXT NOT NULL,
                sort TEXT NOT NULL,
                id TEXT NOT NULL,
                seq INTEGER NOT NULL,
                PRIMARY KEY (tenant, kind, name, value, sort, id)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE secrets (
                name TEXT NOT NULL PRIMARY KEY,
                value BLOB NOT NULL
            ) STRICT, WITHOUT ROWID;
            INSERT INTO secrets (name, value) VALUES ('continuation', randomblob(32));
            """),
    ];
}
