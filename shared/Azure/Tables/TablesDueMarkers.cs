using System.Globalization;
using Azure.Data.Tables;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Azure.Tables;

/// <summary>Due markers: a partition a queue; each marker has a row by its name and one by its time, changed together, so that the longest due are the first rows of a range.</summary>
internal sealed class TablesDueMarkers(TableRows rows, TimeProvider time)
{
    public Task MarkAsync(string queue, TenantId tenant, string subject, DateTimeOffset dueAt, CancellationToken cancellationToken) => Contention.RepeatAsync(async () =>
    {
        var found = await FindAsync(queue, tenant, subject, cancellationToken);
        var earlier = found is null || DueAt(found) > dueAt ? dueAt : DueAt(found);

        // Marking again always makes a new version: a worker that clears or postpones what it listed before does not lose the new work.
        var marker = new DueMarker(queue, tenant, subject, earlier, time.GetUtcNow(), Guid.NewGuid().ToString("N"));
        return await rows.ChangeAsync(Moved(found, marker), cancellationToken) ? marker : null;
    }, cancellationToken);

    public async Task<IReadOnlyList<DueMarker>> ListAsync(string queue, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var due = await rows.RangeAsync(Partition(queue), "d", ByTime(now.UtcTicks + 1), limit, cancellationToken);
        return due.ConvertAll(row => new DueMarker(
            queue, new TenantId(row.GetString("Tenant")), row.GetString("Subject"), DueAt(row),
            new DateTimeOffset(row.GetInt64("MarkedAt")!.Value, TimeSpan.Zero), row.GetString("Version")));
    }

    public Task<bool> PostponeAsync(DueMarker marker, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        ChangeAsync(marker, found => Moved(found, marker with { DueAt = dueAt, ETag = Guid.NewGuid().ToString("N") }), cancellationToken);

    public Task<bool> ClearAsync(DueMarker marker, CancellationToken cancellationToken) =>
        ChangeAsync(marker, found => [new(TableTransactionActionType.Delete, found, found.ETag), Removed(found)], cancellationToken);

    private async Task<bool> ChangeAsync(DueMarker marker, Func<TableEntity, TableTransactionAction[]> change, CancellationToken cancellationToken)
    {
        var found = await FindAsync(marker.Queue, marker.Tenant, marker.Subject, cancellationToken);
        return found?.GetString("Version") == marker.ETag && await rows.ChangeAsync(change(found), cancellationToken);
    }

    private Task<TableEntity?> FindAsync(string queue, TenantId tenant, string subject, CancellationToken cancellationToken) =>
        rows.FindAsync(Partition(queue), "m" + Name(tenant, subject), cancellationToken);

    private static TableTransactionAction[] Moved(TableEntity? found, DueMarker marker)
    {
        var (byName, byTime) = (ToRow(marker, "m" + Name(marker.Tenant, marker.Subject)), ToRow(marker, ByTime(marker.DueAt.UtcTicks) + Name(marker.Tenant, marker.Subject)));
        if (found is null)
        {
            return [new(TableTransactionActionType.Add, byName), new(TableTransactionActionType.Add, byTime)];
        }

        // A transaction names a row once.
        var replaced = new TableTransactionAction(TableTransactionActionType.UpdateReplace, byName, found.ETag);
        return DueAt(found) == marker.DueAt
            ? [replaced, new(TableTransactionActionType.UpsertReplace, byTime)]
            : [replaced, Removed(found), new(TableTransactionActionType.Add, byTime)];
    }

    // Guarded by the row by name, which every change replaces.
    private static TableTransactionAction Removed(TableEntity byName) => new(
        TableTransactionActionType.Delete,
        new TableEntity(byName.PartitionKey, ByTime(DueAt(byName).UtcTicks) + byName.RowKey[1..]),
        global::Azure.ETag.All);

    private static TableEntity ToRow(DueMarker marker, string row) => new(Partition(marker.Queue), row)
    {
        ["Tenant"] = marker.Tenant.Value,
        ["Subject"] = marker.Subject,
        ["DueAt"] = marker.DueAt.UtcTicks,
        ["MarkedAt"] = marker.MarkedAt.UtcTicks,
        ["Version"] = marker.ETag,
    };

    private static DateTimeOffset DueAt(TableEntity row) => new(row.GetInt64("DueAt")!.Value, TimeSpan.Zero);

    private static string ByTime(long ticks) => string.Create(CultureInfo.InvariantCulture, $"d{ticks:D19}");

    private static string Name(TenantId tenant, string subject) => TableRows.Partition(tenant.Value, subject);

    private static string Partition(string queue) => TableRows.Partition("due", queue);
}
