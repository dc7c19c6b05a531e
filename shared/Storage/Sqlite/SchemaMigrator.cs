using Microsoft.Extensions.Logging;

namespace MidnightOS.Storage.Sqlite;

/// <summary>Brings the schema up to date, in one transaction and under the write lock: two hosts that start at once do it once.</summary>
internal sealed class SchemaMigrator(IReadOnlyList<SchemaScript> scripts, TimeProvider time, ILogger logger)
{
    public void Run(SqliteSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            session.Execute("""
                CREATE TABLE IF NOT EXISTS schema_version (
                    name TEXT NOT NULL PRIMARY KEY,
                    applied_at TEXT NOT NULL
                ) STRICT, WITHOUT ROWID
                """);
            Apply(session);
            session.Execute("COMMIT");
        }
        catch
        {
            // After an error SQLite may have rolled back already; then there is nothing to undo.
            if (SQLitePCL.raw.sqlite3_get_autocommit(session.Connection.Handle) == 0)
            {
                session.Execute("ROLLBACK");
            }

            throw;
        }
    }

    private void Apply(SqliteSession session)
    {
        var applied = session.Query("SELECT name FROM schema_version ORDER BY name", row => row.GetString(0));
        var unknown = applied.Find(name => !scripts.Any(script => script.Name == name));
        if (unknown is not null)
        {
            throw new NewerSchemaException(session.Connection.DataSource, unknown);
        }

        foreach (var script in scripts.Where(script => !applied.Contains(script.Name)))
        {
            session.Execute(script.Sql);
            session.Execute("INSERT INTO schema_version (name, applied_at) VALUES ($1, $2)", script.Name, time.GetUtcNow().ToString("O"));
            StorageLog.SchemaApplied(logger, script.Name);
        }
    }
}
