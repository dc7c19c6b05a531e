using Azure.Data.Tables;
using MidnightOS.Core.Counters;

namespace MidnightOS.Azure.Tables;

/// <summary>Counters in Azure Tables: a row each, changed in the version in which it was read.</summary>
internal sealed class TablesCounterStore(TableServiceClient service, TimeProvider time) : ICounterStore
{
    private const string Row = "counter";

    private readonly TableRows _rows = new(service, "counters");

    public async Task<long> AddAsync(string key, long delta, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var partition = TableRows.Partition(key);
        var written = await Contention.RepeatAsync(async () =>
        {
            var found = await _rows.FindAsync(partition, Row, cancellationToken);
            var live = found is not null && found.GetInt64("ExpiresAt") > time.GetUtcNow().UtcTicks;
            var row = new TableEntity(partition, Row)
            {
                ["Value"] = checked((live ? found!.GetInt64("Value")!.Value : 0) + delta),
                ["ExpiresAt"] = live ? found!.GetInt64("ExpiresAt")!.Value : expiresAt.UtcTicks,
            };
            return await _rows.WriteAsync(row, found, cancellationToken) is null ? null : row;
        }, cancellationToken);
        return written.GetInt64("Value")!.Value;
    }
}
