using Azure.Data.Tables;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Records;

namespace MidnightOS.Azure.Tables;

/// <summary>Records in Azure Tables: a partition each, with as many rows as the content needs, changed together. The first row guards the others by its version.</summary>
/// <remarks>
/// A binary property holds 64 KiB, a row 1 MiB, a change of one partition 4 MiB and 100 rows:
/// https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model.
/// </remarks>
internal sealed class TablesRecordStore(TableServiceClient service, TimeProvider time) : IRecordStore
{
    private const int PropertyBytes = 64 * 1024;

    // In a request bytes are Base64, a third longer, and some count them so.
    private const int PropertiesPerRow = 10;
    private const int RowBytes = PropertyBytes * PropertiesPerRow;

    private readonly TableRows _rows = new(service, "idempotency");

    public async Task<StoredDocument?> FindAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken)
    {
        // What is whole: nothing, or all rows of one version. Else it was replaced while it was read, or its rows end at a time that only another's clock has reached.
        var found = await Contention.RepeatAsync<List<TableEntity>>(
            async () =>
            {
                var rows = await _rows.RangeAsync(Partition(tenant, key), Row(0), "s", 100, cancellationToken);
                if (rows.Count == 0 || rows[0].RowKey != Row(0) || !IsLive(rows[0]))
                {
                    return [];
                }

                var parts = rows.Where(row => row.GetString("Version") == rows[0].GetString("Version")).ToList();
                return parts.Count == rows[0].GetInt32("Rows") ? parts : null;
            },
            cancellationToken);
        return found.Count == 0 ? null : new StoredDocument(key, Join(found), found[0].GetString("Version"));
    }

    public async Task<string?> PutAsync(
        TenantId tenant, DocumentKey key, ReadOnlyMemory<byte> json, Precondition condition, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var partition = Partition(tenant, key);
        var found = await _rows.FindAsync(partition, Row(0), cancellationToken);
        var live = found is not null && IsLive(found);
        if (condition.MustNotExist ? live : condition.ETag is { } etag && (!live || found!.GetString("Version") != etag))
        {
            return null;
        }

        var version = Guid.NewGuid().ToString("N");
        var rows = Split(partition, version, json, expiresAt);
        TableTransactionAction first = found is null
            ? new(TableTransactionActionType.Add, rows[0])
            : new(TableTransactionActionType.UpdateReplace, rows[0], found.ETag);
        var others = rows.Skip(1).Select(static row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));
        return await _rows.ChangeAsync([first, .. others], cancellationToken) ? version : null;
    }

    private static List<TableEntity> Split(string partition, string version, ReadOnlyMemory<byte> json, DateTimeOffset expiresAt)
    {
        var count = Math.Max(1, (json.Length + RowBytes - 1) / RowBytes);
        var rows = new List<TableEntity>(count);
        for (var row = 0; row < count; row++)
        {
            var entity = new TableEntity(partition, Row(row)) { ["Version"] = version, ["Rows"] = count, ["ExpiresAt"] = expiresAt.UtcTicks };
            var rest = json[(row * RowBytes)..Math.Min(json.Length, (row + 1) * RowBytes)];
            for (var part = 0; part == 0 || part * PropertyBytes < rest.Length; part++)
            {
                entity[$"Data{part}"] = rest[(part * PropertyBytes)..Math.Min(rest.Length, (part + 1) * PropertyBytes)].ToArray();
            }

            rows.Add(entity);
        }

        return rows;
    }

    private static byte[] Join(List<TableEntity> rows)
    {
        using var content = new MemoryStream();
        foreach (var row in rows)
        {
            for (var part = 0; row.GetBinary($"Data{part}") is { } bytes; part++)
            {
                content.Write(bytes);
            }
        }

        return content.ToArray();
    }

    private bool IsLive(TableEntity row) => row.GetInt64("ExpiresAt") > time.GetUtcNow().UtcTicks;

    private static string Partition(TenantId tenant, DocumentKey key) => TableRows.Partition(tenant.Value, key.Kind, key.Id);

    private static string Row(int number) => $"r{number:D2}";
}
