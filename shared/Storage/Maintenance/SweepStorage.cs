using Microsoft.Extensions.Logging;
using MidnightOS.Core.Maintenance;
using MidnightOS.Storage.Blobs;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage.Maintenance;

/// <summary>Gives back the room of documents, claims, counters and leases that expired, and of blobs whose write never ended.</summary>
internal sealed class SweepStorage(
    SqliteDatabase database, VolatileDatabase shortLived, FileBlobStore blobs, TimeProvider time, ILogger<SweepStorage> logger) : IBackgroundWork
{
    public string Name => "storage-sweep";

    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var swept = blobs.Sweep();
        bool more;
        do
        {
            var durable = await database.WriteAsync(session => ExpiredRecords.Delete(session, time.GetUtcNow()), cancellationToken);
            var brief = await shortLived.WriteAsync(session => ExpiredRecords.DeleteVolatile(session, time.GetUtcNow()), cancellationToken);
            swept += durable.Deleted + brief.Deleted;
            more = durable.More || brief.More;
        }
        while (more && time.GetElapsedTime(started) < budget);

        if (swept > 0)
        {
            StorageLog.Swept(logger, swept);
        }

        return more;
    }
}
