using MidnightOS.Core.Flows;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Flows;

/// <summary>Writes a turn of a flow inside one transaction.</summary>
internal static class FlowTurnWriter
{
    public static FlowCommit Write(SqliteSession session, FlowLease lease, FlowTurn turn)
    {
        // Inside the write lock no event can come between this look and the suspension.
        var events = SqliteFlowJournal.Events(session, lease.FlowId, turn.SeenEvents);
        var suspend = turn.Next as FlowNext.Suspend;
        var suspended = suspend is not null && events.Count == 0;
        if (!Advance(session, lease, turn))
        {
            return FlowCommit.Lost;
        }

        for (var i = 0; i < turn.Entries.Count; i++)
        {
            Append(session, lease.FlowId, turn.FirstIndex + i, turn.Entries[i]);
        }

        if (suspended)
        {
            session.Execute("UPDATE flows SET leased = 0, due_at = $2 WHERE id = $1", lease.FlowId, Stamp.ToStored(suspend!.WakeAt));
        }
        else if (turn.Next is FlowNext.End end)
        {
            session.Execute(
                "UPDATE flows SET leased = 0, due_at = NULL, status = $2, output = $3, error = $4, ended_at = $5 WHERE id = $1",
                lease.FlowId, (long)end.Status, end.OutputJson, end.Error, Stamp.ToStored(end.At));
        }

        return new FlowCommit(true, suspended, turn.Next is FlowNext.End ? [] : events);
    }

    // The fence keeps out a host that lost its lease; the count of entries one that does not know them all.
    private static bool Advance(SqliteSession session, FlowLease lease, FlowTurn turn) => session.Execute(
        """
        UPDATE flows SET entries = entries + $4, custom_status = coalesce($5, custom_status)
        WHERE id = $1 AND fence = $2 AND leased = 1 AND entries = $3
        """,
        lease.FlowId, lease.Fence, turn.FirstIndex, turn.Entries.Count, turn.CustomStatus) == 1;

    private static void Append(SqliteSession session, string id, int position, FlowEntry entry) => session.Execute(
        """
        INSERT INTO flow_entries (flow_id, position, sequence, kind, name, at, payload, attempt, retry_at, event_number)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        id, position, entry.Sequence, (long)entry.Kind, entry.Name, Stamp.ToStored(entry.At), entry.Payload, entry.Attempt,
        Stamp.ToStored(entry.RetryAt), entry.EventNumber);
}
