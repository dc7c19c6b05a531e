using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Azure.Tables;

/// <summary>Deletes claims, counters, leases and records whose time has passed: a table has no time to live. They count as gone before, so this only gives room back.</summary>
/// <remarks>Looking for them reads the tables from end to end, so it is done seldom and a bounded part at a time.</remarks>
internal sealed class SweepTables(TableServiceClient service, TimeProvider time, ILogger<SweepTables> logger) : IBackgroundWork
{
    private const int PerPage = 1000;
    private const int AtOnce = 16;

    private static readonly string[] Swept = ["directory", "counters", "leases", "idempotency"];

    public string Name => "tables-sweep";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (deleted, more) = (0, false);
        foreach (var table in Swept)
        {
            var rows = new TableRows(service, table);
            while (!more && await rows.ExpiredAsync(time.GetUtcNow(), PerPage, cancellationToken) is { Count: > 0 } expired)
            {
                await Parallel.ForEachAsync(
                    expired, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (row, token) => await rows.DeleteAsync(row, token));
                deleted += expired.Count;
                more = time.GetElapsedTime(started) > budget;
            }
        }

        if (deleted > 0)
        {
            AzureLog.Swept(logger, deleted);
        }

        return more;
    }
}
