using System.Security.Cryptography;
using MidnightOS.Core.Leases;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Leases;

/// <summary>Leases in SQLite. A lease that ran out is lost, also when nobody took it yet.</summary>
internal sealed class SqliteLeaseStore(VolatileDatabase database, TimeProvider time) : ILeaseStore
{
    public static readonly SchemaScript[] Scripts =
    [
        new("leases-001", """
            CREATE TABLE leases (
                name TEXT NOT NULL PRIMARY KEY,
                token TEXT NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX leases_expiry ON leases (expires_at);
            """),
    ];

    /// <summary>For data folders from when the table lay in the other database.</summary>
    public static readonly SchemaScript[] Moved = [.. Scripts, new("leases-002", "DROP TABLE leases;")];

    public Task<Lease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        return database.WriteAsync(session => Acquire(session, name, duration), cancellationToken);
    }

    public Task<bool> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        return database.WriteAsync(
            session =>
            {
                var now = time.GetUtcNow();
                return session.Execute(
                    "UPDATE leases SET expires_at = $3 WHERE name = $1 AND token = $2 AND expires_at > $4",
                    lease.Name, lease.Token, Stamp.ToStored(now + duration), Stamp.ToStored(now)) == 1;
            },
            cancellationToken);
    }

    public Task ReleaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return database.WriteAsync(
            session => session.Execute("DELETE FROM leases WHERE name = $1 AND token = $2", lease.Name, lease.Token), cancellationToken);
    }

    private Lease? Acquire(SqliteSession session, string name, TimeSpan duration)
    {
        var now = time.GetUtcNow();
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var taken = session.Execute(
            """
            INSERT INTO leases (name, token, expires_at) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at WHERE expires_at <= $4
            """,
            name, token, Stamp.ToStored(now + duration), Stamp.ToStored(now)) == 1;
        return taken ? new Lease(name, token) : null;
    }
}
