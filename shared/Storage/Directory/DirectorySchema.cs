using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Directory;

/// <summary>The tables of the directory.</summary>
internal static class DirectorySchema
{
    public static readonly SchemaScript[] Scripts =
    [
        new("directory-001", """
            CREATE TABLE claims (
                kind TEXT NOT NULL,
                value TEXT NOT NULL,
                tenant TEXT NOT NULL,
                subject TEXT NOT NULL,
                expires_at INTEGER,
                data TEXT,
                etag TEXT NOT NULL,
                PRIMARY KEY (kind, value)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX claims_expiry ON claims (expires_at) WHERE expires_at IS NOT NULL;

            CREATE TABLE due_markers (
                queue TEXT NOT NULL,
                tenant TEXT NOT NULL,
                subject TEXT NOT NULL,
                due_at INTEGER NOT NULL,
                marked_at INTEGER NOT NULL,
                etag TEXT NOT NULL,
                PRIMARY KEY (queue, tenant, subject)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX due_markers_order ON due_markers (queue, due_at);
            """),
    ];
}
