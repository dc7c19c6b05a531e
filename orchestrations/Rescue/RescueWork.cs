using Microsoft.Extensions.Logging;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Orchestrations.Rescue;

/// <summary>Brings to its end what was accepted and whose flow is gone: ended by a defect, or never started.</summary>
internal interface IRescue
{
    /// <summary>Looks at everything of one kind that a tenant has under way.</summary>
    /// <returns>How much was under way.</returns>
    Task<int> RunAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>Looks after the open work of every tenant that has a marker.</summary>
internal sealed partial class RescueWork(IEnumerable<IRescue> rescues, IDirectory directory, TimeProvider time, ILogger<RescueWork> logger) : IBackgroundWork
{
    private const int MarkersPerRun = 100;

    public string Name => "open-work";

    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var markers = await directory.ListDueAsync(OpenWork.Queue, time.GetUtcNow(), MarkersPerRun, cancellationToken);
        foreach (var marker in markers)
        {
            if (time.GetElapsedTime(started) > budget)
            {
                return true;
            }

            await LookAsync(marker, cancellationToken);
        }

        return markers.Count == MarkersPerRun;
    }

    private async Task LookAsync(DueMarker marker, CancellationToken cancellationToken)
    {
        var open = 0;
        foreach (var rescue in rescues)
        {
            try
            {
                open += await rescue.RunAsync(marker.Tenant, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // One tenant must not keep the others waiting; its marker stands.
                LogFailed(logger, marker.Tenant, exception);
                open++;
            }
        }

        var now = time.GetUtcNow();
        await (open == 0 && now - marker.MarkedAt > OpenWork.ClearAfter
            ? directory.ClearAsync(marker, cancellationToken)
            : directory.PostponeAsync(marker, now + OpenWork.LookAfter, cancellationToken));
    }

    [LoggerMessage(2202, LogLevel.Warning, "The open work of {Tenant} could not be looked at now; it is tried again.")]
    private static partial void LogFailed(ILogger logger, TenantId tenant, Exception exception);
}
