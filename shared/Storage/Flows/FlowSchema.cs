using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Flows;

/// <summary>The tables of flows.</summary>
/// <remarks>
/// <c>due_at</c> is when a host may take the flow: of a flow that waits, its time (null when only an event wakes it); of one that is leased, the end of the
/// lease; of one that ended, null. So one index finds what is due and what a dead host left. Times are ticks of UTC.
/// </remarks>
internal static class FlowSchema
{
    public static readonly SchemaScript[] Scripts =
    [
        new("flows-001", """
            CREATE TABLE flows (
                id TEXT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                status INTEGER NOT NULL,
                input TEXT NOT NULL,
                output TEXT,
                error TEXT,
                custom_status TEXT,
                started_at INTEGER NOT NULL,
                ended_at INTEGER,
                due_at INTEGER,
                leased INTEGER NOT NULL DEFAULT 0,
                fence INTEGER NOT NULL DEFAULT 0,
                entries INTEGER NOT NULL DEFAULT 0
            ) STRICT;
            CREATE INDEX flows_due ON flows (due_at) WHERE due_at IS NOT NULL;
            CREATE INDEX flows_ended ON flows (ended_at) WHERE ended_at IS NOT NULL;

            CREATE TABLE flow_entries (
                flow_id TEXT NOT NULL,
                position INTEGER NOT NULL,
                sequence INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                name TEXT NOT NULL,
                at INTEGER NOT NULL,
                payload TEXT,
                attempt INTEGER NOT NULL,
                retry_at INTEGER,
                event_number INTEGER NOT NULL,
                PRIMARY KEY (flow_id, position)
            ) STRICT;

            CREATE TABLE flow_events (
                number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
                flow_id TEXT NOT NULL,
                event_id TEXT NOT NULL,
                name TEXT NOT NULL,
                payload TEXT NOT NULL,
                at INTEGER NOT NULL,
                UNIQUE (flow_id, event_id)
            ) STRICT;
            CREATE INDEX flow_events_order ON flow_events (flow_id, number);
            """),
        new("flows-002", """
            ALTER TABLE flows ADD COLUMN trace_parent TEXT;
            CREATE INDEX flows_running ON flows (name) WHERE ended_at IS NULL;
            """),
    ];
}
