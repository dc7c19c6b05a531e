using MidnightOS.Core.Documents;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Outbox;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Maintenance;

/// <summary>How much work waits in the database.</summary>
internal sealed class SqliteQueueDepths(SqliteDatabase database) : IQueueDepths
{
    public Task<QueueDepths> ReadAsync(IReadOnlyCollection<string> dueQueues, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dueQueues);
        return database.ReadAsync(
            session => new QueueDepths([Outbox(session), Flows(session, now), .. dueQueues.Select(queue => Due(session, queue, now))], Running(session)),
            cancellationToken);
    }

    // Every tenant with records has a marker, so only those are looked at. Records are in the order of their ids.
    private static QueueDepth Outbox(SqliteSession session)
    {
        var waiting = session.Query(
            """
            SELECT (SELECT count(*) FROM documents WHERE tenant = due_markers.tenant AND kind = 'outbox'),
                (SELECT json FROM documents WHERE tenant = due_markers.tenant AND kind = 'outbox' ORDER BY id LIMIT 1)
            FROM due_markers WHERE queue = 'outbox'
            """,
            row => (Count: row.GetInt64(0), First: row.IsDBNull(1) ? null : (DateTimeOffset?)DocumentJson.Deserialize<OutboxRecord>((byte[])row[1]).At));
        return new QueueDepth("outbox", waiting.Sum(static tenant => tenant.Count), waiting.Min(static tenant => tenant.First));
    }

    private static QueueDepth Flows(SqliteSession session, DateTimeOffset now) => session.QueryFirst(
        "SELECT count(*), min(due_at) FROM flows WHERE due_at <= $1 AND leased = 0", row => Depth("flows", row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1)),
        Stamp.ToStored(now))!;

    private static QueueDepth Due(SqliteSession session, string queue, DateTimeOffset now) => session.QueryFirst(
        "SELECT count(*), min(due_at) FROM due_markers WHERE queue = $1 AND due_at <= $2",
        row => Depth(queue, row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1)), queue, Stamp.ToStored(now))!;

    // The bound on the name makes a range of the index that holds running flows only.
    private static Dictionary<string, long> Running(SqliteSession session) => session
        .Query("SELECT name, count(*) FROM flows INDEXED BY flows_running WHERE ended_at IS NULL AND name > '' GROUP BY name", row => (Name: row.GetString(0), Count: row.GetInt64(1)))
        .ToDictionary(static flow => flow.Name, static flow => flow.Count, StringComparer.Ordinal);

    private static QueueDepth Depth(string queue, long count, long? oldest) =>
        new(queue, count, oldest is { } ticks ? Stamp.FromStored(ticks) : null);
}
