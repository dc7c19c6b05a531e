using MidnightOS.Core.Maintenance;

namespace MidnightOS.Embedded.Background;

/// <summary>Loops over the bounded pieces of background work, each by itself; one that fails is tried again later and keeps no other waiting.</summary>
internal sealed partial class BackgroundLoop(IEnumerable<IBackgroundWork> works, TimeProvider time, ILogger<BackgroundLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(works.Select(work => LoopAsync(work, stoppingToken)));

    private async Task LoopAsync(IBackgroundWork work, CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await RunAsync(work, stoppingToken);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<TimeSpan> RunAsync(IBackgroundWork work, CancellationToken stoppingToken)
    {
        try
        {
            return await work.RunAsync(Budget, stoppingToken) ? TimeSpan.Zero : work.Interval;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            LogFailed(logger, work.Name, exception);
            return AfterFailure;
        }
    }

    [LoggerMessage(9002, LogLevel.Warning, "The background work {Work} failed; it is tried again.")]
    private static partial void LogFailed(ILogger logger, string work, Exception exception);
}
