using Microsoft.Extensions.Logging;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Outbox;

/// <summary>Finds outbox records by their due markers: those of an instance that died between its commit and the dispatch.</summary>
internal sealed partial class SweepOutbox(IDirectory directory, DispatchOutbox dispatch, TimeProvider time, ILogger<SweepOutbox> logger) : IBackgroundWork
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

            await DispatchAsync(marker, cancellationToken);
        }

        return markers.Count == MarkersPerRun;
    }

    private async Task DispatchAsync(DueMarker marker, CancellationToken cancellationToken)
    {
        try
        {
            await dispatch.RunAsync(marker.Tenant, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One tenant's records must not keep the others' waiting; its marker stands until they are out.
            LogFailed(logger, marker.Tenant, exception);
            await directory.PostponeAsync(marker, time.GetUtcNow() + OutboxTimes.AfterFailure, cancellationToken);
            return;
        }

        await SettleAsync(marker, cancellationToken);
    }

    private Task<bool> SettleAsync(DueMarker marker, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return now - marker.MarkedAt > OutboxTimes.ClearAfter
            ? directory.ClearAsync(marker, cancellationToken)
            : directory.PostponeAsync(marker, now + OutboxTimes.LookAgainAfter, cancellationToken);
    }

    [LoggerMessage(2101, LogLevel.Warning, "The outbox of {Tenant} could not be dispatched now; it is tried again.")]
    private static partial void LogFailed(ILogger logger, TenantId tenant, Exception exception);
}
