using System.Text.Json;
using Microsoft.Data.Sqlite;
using MidnightOS.Core.Flows;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Flows;

/// <summary>The journal of flows in SQLite.</summary>
internal sealed class SqliteFlowJournal(SqliteDatabase database) : IFlowJournal
{
    public Task<bool> CreateAsync(NewFlow flow, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return database.WriteAsync(
            session => session.Execute(
                "INSERT INTO flows (id, name, status, input, started_at, due_at, trace_parent) VALUES ($1, $2, $3, $4, $5, $5, $6) ON CONFLICT (id) DO NOTHING",
                flow.Id, flow.Flow, (long)FlowStatus.Running, flow.InputJson, Stamp.ToStored(flow.At), flow.TraceParent) == 1,
            cancellationToken);
    }

    public Task<bool> RaiseAsync(NewFlowEvent raised, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(raised);
        return database.WriteAsync(session => Raise(session, raised), cancellationToken);
    }

    public Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.QueryFirst("SELECT id, name, status, custom_status, output, error FROM flows WHERE id = $1", ToState, id), cancellationToken);

    public async Task<FlowClaims> ClaimAsync(FlowClaimQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var names = JsonSerializer.Serialize(query.Flows);

        // Looking takes no lock; a host that finds nothing, as it mostly does, must not keep others from writing.
        var next = await database.ReadAsync(session => NextDue(session, names), cancellationToken);
        if (next is null || next > query.Now)
        {
            return new FlowClaims([], next);
        }

        return await database.WriteAsync(session => new FlowClaims(Claim(session, names, query), NextDue(session, names)), cancellationToken);
    }

    public Task<IReadOnlySet<string>> RenewAsync(IReadOnlyCollection<FlowLease> leases, DateTimeOffset until, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlySet<string>>(
            session => leases
                .Where(lease => session.Execute(
                    "UPDATE flows SET due_at = $3 WHERE id = $1 AND fence = $2 AND leased = 1", lease.FlowId, lease.Fence, Stamp.ToStored(until)) == 1)
                .Select(lease => lease.FlowId)
                .ToHashSet(StringComparer.Ordinal),
            cancellationToken);

    public Task<FlowHistory> LoadAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => new FlowHistory(Entries(session, id), Events(session, id, 0)), cancellationToken);

    public Task<IReadOnlyList<FlowInboxEvent>> LoadEventsAsync(string id, long after, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<FlowInboxEvent>>(session => Events(session, id, after), cancellationToken);

    public Task<FlowCommit> CommitAsync(FlowLease lease, FlowTurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);

        // The caller's list may change when it gave up waiting; the write may still run then.
        var kept = turn with { Entries = [.. turn.Entries] };
        return database.WriteAsync(session => FlowTurnWriter.Write(session, lease, kept), cancellationToken);
    }

    public Task<int> PurgeAsync(DateTimeOffset endedBefore, int max, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Purge(session, endedBefore, max), cancellationToken);

    internal static List<FlowInboxEvent> Events(SqliteSession session, string id, long after) => session.Query(
        "SELECT number, name, payload, at FROM flow_events WHERE flow_id = $1 AND number > $2 ORDER BY number",
        row => new FlowInboxEvent(row.GetInt64(0), row.GetString(1), row.GetString(2), Stamp.FromStored(row.GetInt64(3))), id, after);

    private static bool Raise(SqliteSession session, NewFlowEvent raised)
    {
        var added = session.Execute(
            """
            INSERT INTO flow_events (flow_id, event_id, name, payload, at)
            SELECT id, $2, $3, $4, $5 FROM flows WHERE id = $1 AND ended_at IS NULL
            ON CONFLICT (flow_id, event_id) DO NOTHING
            """,
            raised.FlowId, raised.EventId, raised.Name, raised.PayloadJson, Stamp.ToStored(raised.At)) == 1;
        if (added)
        {
            // A leased flow learns of it with its next commit.
            session.Execute(
                "UPDATE flows SET due_at = min(coalesce(due_at, $2), $2) WHERE id = $1 AND leased = 0", raised.FlowId, Stamp.ToStored(raised.At));
        }

        return added;
    }

    private static DateTimeOffset? NextDue(SqliteSession session, string names) => session.QueryFirst(
        "SELECT due_at FROM flows WHERE due_at IS NOT NULL AND name IN (SELECT value FROM json_each($1)) ORDER BY due_at LIMIT 1",
        row => (DateTimeOffset?)Stamp.FromStored(row.GetInt64(0)), names);

    private static List<FlowClaim> Claim(SqliteSession session, string names, FlowClaimQuery query) => session.Query(
        """
        UPDATE flows SET leased = 1, fence = fence + 1, due_at = $4
        WHERE id IN (
            SELECT id FROM flows WHERE due_at <= $2 AND name IN (SELECT value FROM json_each($1)) ORDER BY due_at LIMIT $3)
        RETURNING id, fence, name, input, started_at, custom_status, trace_parent
        """,
        ToClaim, names, Stamp.ToStored(query.Now), query.Max, Stamp.ToStored(query.LeaseUntil));

    private static int Purge(SqliteSession session, DateTimeOffset endedBefore, int max)
    {
        var ids = session.Query(
            "SELECT id FROM flows WHERE ended_at < $1 ORDER BY ended_at LIMIT $2", row => row.GetString(0), Stamp.ToStored(endedBefore), max);
        foreach (var id in ids)
        {
            session.Execute("DELETE FROM flow_entries WHERE flow_id = $1", id);
            session.Execute("DELETE FROM flow_events WHERE flow_id = $1", id);
            session.Execute("DELETE FROM flows WHERE id = $1", id);
        }

        return ids.Count;
    }

    private static List<FlowEntry> Entries(SqliteSession session, string id) => session.Query(
        "SELECT sequence, kind, name, at, payload, attempt, retry_at, event_number FROM flow_entries WHERE flow_id = $1 ORDER BY position", ToEntry, id);

    private static FlowEntry ToEntry(SqliteDataReader row) =>
        new(row.GetInt32(0), (FlowEntryKind)row.GetInt32(1), row.GetString(2), Stamp.FromStored(row.GetInt64(3)))
        {
            Payload = Text(row, 4),
            Attempt = row.GetInt32(5),
            RetryAt = row.IsDBNull(6) ? null : Stamp.FromStored(row.GetInt64(6)),
            EventNumber = row.GetInt64(7),
        };

    private static FlowClaim ToClaim(SqliteDataReader row) => new(
        new FlowLease(row.GetString(0), row.GetInt64(1)), row.GetString(2), row.GetString(3), Stamp.FromStored(row.GetInt64(4)), Text(row, 5))
    {
        TraceParent = Text(row, 6),
    };

    private static FlowState ToState(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), (FlowStatus)row.GetInt32(2), Text(row, 3), Text(row, 4), Text(row, 5));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
