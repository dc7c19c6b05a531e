using MidnightOS.Core.Counters;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Counters;

/// <summary>Counters in SQLite.</summary>
internal sealed class SqliteCounterStore(VolatileDatabase database, TimeProvider time) : ICounterStore
{
    public static readonly SchemaScript[] Scripts =
    [
        new("counters-001", """
            CREATE TABLE counters (
                key TEXT NOT NULL PRIMARY KEY,
                value INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX counters_expiry ON counters (expires_at);
            """),
    ];

    /// <summary>For data folders from when the table lay in the other database.</summary>
    public static readonly SchemaScript[] Moved = [.. Scripts, new("counters-002", "DROP TABLE counters;")];

    public Task<long> AddAsync(string key, long delta, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return database.WriteAsync(session => Add(session, key, delta, expiresAt), cancellationToken);
    }

    private long Add(SqliteSession session, string key, long delta, DateTimeOffset expiresAt)
    {
        // SQLite turns a sum that is too large into a floating-point number, so the sum is made here.
        var live = session.QueryFirst(
            "SELECT value FROM counters WHERE key = $1 AND expires_at > $2", row => (long?)row.GetInt64(0), key, Stamp.ToStored(time.GetUtcNow()));
        var value = checked((live ?? 0) + delta);
        if (live is null)
        {
            session.Execute(
                "INSERT OR REPLACE INTO counters (key, value, expires_at) VALUES ($1, $2, $3)", key, value, Stamp.ToStored(expiresAt));
        }
        else
        {
            session.Execute("UPDATE counters SET value = $2 WHERE key = $1", key, value);
        }

        return value;
    }
}
