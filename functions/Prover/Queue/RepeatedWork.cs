using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MidnightOS.Prover.Queue;

/// <summary>Work that is done again and again while the host runs. What fails is logged and tried again.</summary>
internal abstract class RepeatedWork(ILogger logger) : BackgroundService
{
    protected abstract Task WorkAsync(CancellationToken cancellationToken);

    protected abstract Task PauseAsync(CancellationToken cancellationToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => LoopAsync(stoppingToken), CancellationToken.None);

    private async Task LoopAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WorkAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                QueueLog.RoundFailed(logger, exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await PauseAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
