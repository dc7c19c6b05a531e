using MidnightOS.Core.Directory;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Outbox;

/// <summary>Finds outbox records by their due markers: those of an instance that died between its commit and the dispatch.</summary>
internal sealed class SweepOutbox(IDirectory directory, DispatchOutbox dispatch, TimeProvider time) : IBackgroundWork
{
    private const int MarkersPerRun = 100;

    public string Name => "outbox";

    public TimeSpan Interval => OutboxTimes.LookAgainAfter;

    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var markers = await directory.ListDueAsync(OutboxDocuments.Queue, time.GetUtcNow(), MarkersPerRun, cancellationToken);
        foreach (var marker in markers)
        {
            if (time.GetElapsedTime(started) > budget)
            {
                return true;
            }

            await dispatch.RunAsync(marker.Tenant, cancellationToken);
            await SettleAsync(marker, cancellationToken);
        }

        return markers.Count == MarkersPerRun;
    }

    private Task<bool> SettleAsync(DueMarker marker, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return now - marker.MarkedAt > OutboxTimes.ClearAfter
            ? directory.ClearAsync(marker, cancellationToken)
            : directory.PostponeAsync(marker, now + OutboxTimes.LookAgainAfter, cancellationToken);
    }
}
