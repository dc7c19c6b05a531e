using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Azure.Tables;

/// <summary>Deletes claims, counters, leases and records whose time has passed: a table has no time to live. They count as gone before, so this only gives room back.</summary>
/// <remarks>Looking for them reads the tables from end to end, so it is done seldom, in one pass, a bounded part at a time: a run that is out of time leaves its place to the next one.</remarks>
internal sealed class SweepTables(TableServiceClient service, TimeProvider time, ILogger<SweepTables> logger) : IBackgroundWork
{
    private const int AtOnce = 16;

    private static readonly string[] Swept = ["directory", "counters", "leases", "idempotency"];

    private volatile Place _place = new(0, null, default);

    public string Name => "tables-sweep";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    /// <summary>How many rows are looked at before the time is.</summary>
    internal int PerPage { get; init; } = 1000;

    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var (started, deleted) = (time.GetTimestamp(), 0);
        do
        {
            deleted += await SweepPageAsync(cancellationToken);
        }
        while (!_place.IsStart && time.GetElapsedTime(started) <= budget);

        if (deleted > 0)
        {
            AzureLog.Swept(logger, deleted);
        }

        return !_place.IsStart;
    }

    private async Task<int> SweepPageAsync(CancellationToken cancellationToken)
    {
        var place = _place.From is null ? _place with { Before = time.GetUtcNow() } : _place;
        var rows = new TableRows(service, Swept[place.Table]);
        var (expired, next) = await rows.ExpiredAsync(place.Before, place.From, PerPage, cancellationToken);
        var deleted = 0;
        await Parallel.ForEachAsync(expired, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (row, token) =>
        {
            if (await rows.DeleteAsync(row, token))
            {
                Interlocked.Increment(ref deleted);
            }
        });
        _place = next is null ? new Place((place.Table + 1) % Swept.Length, null, default) : place with { From = next };
        return deleted;
    }

    /// <param name="Table">The table that is swept.</param>
    /// <param name="From">From where on; null = from its first row.</param>
    /// <param name="Before">What the rows are compared with, from the table's first row to its last.</param>
    private sealed record Place(int Table, string? From, DateTimeOffset Before)
    {
        public bool IsStart => Table == 0 && From is null;
    }
}
