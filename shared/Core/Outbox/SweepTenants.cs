using Microsoft.Extensions.Logging;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Outbox;

/// <summary>Goes through the due markers of an outbox and has each tenant's records carried out.</summary>
/// <param name="directory">Holds the markers.</param>
/// <param name="place">The outbox.</param>
/// <param name="carryOut">Carries a tenant's records out, and tells whether these were all.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told of what failed.</param>
internal sealed partial class SweepTenants(IDirectory directory, OutboxPlace place, Func<TenantId, CancellationToken, Task<bool>> carryOut, TimeProvider time, ILogger logger)
{
    private const int MarkersPerRun = 100;

    /// <returns>Whether there is more to do.</returns>
    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var markers = await directory.ListDueAsync(place.Queue, time.GetUtcNow(), MarkersPerRun, cancellationToken);
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
        bool isAll;
        try
        {
            isAll = await carryOut(marker.Tenant, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One tenant's records must not keep the others' waiting; its marker stands until they are out.
            LogFailed(logger, marker.Tenant, exception);
            await directory.PostponeAsync(marker, time.GetUtcNow() + OutboxTimes.AfterFailure, cancellationToken);
            return;
        }

        await SettleAsync(marker, isAll, cancellationToken);
    }

    private Task<bool> SettleAsync(DueMarker marker, bool isAll, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return isAll && now - marker.MarkedAt > OutboxTimes.ClearAfter
            ? directory.ClearAsync(marker, cancellationToken)
            : directory.PostponeAsync(marker, now + OutboxTimes.LookAgainAfter, cancellationToken);
    }

    [LoggerMessage(2101, LogLevel.Warning, "The outbox of {Tenant} could not be dispatched now; it is tried again.")]
    private static partial void LogFailed(ILogger logger, TenantId tenant, Exception exception);
}
