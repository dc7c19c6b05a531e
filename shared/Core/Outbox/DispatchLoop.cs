using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Outbox;

/// <summary>Dispatches this process's own outbox records as soon as they are committed. What it misses, the sweep of the due markers finds.</summary>
public sealed partial class DispatchLoop(OutboxSignal signal, DispatchOutbox dispatch, ILogger<DispatchLoop> logger) : BackgroundService
{
    private const int Workers = 4;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => RunAsync(stoppingToken)));

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await foreach (var tenant in signal.Tenants.ReadAllAsync(stoppingToken))
        {
            try
            {
                await dispatch.RunAsync(tenant, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, tenant, exception);
            }
        }
    }

    [LoggerMessage(9001, LogLevel.Warning, "The outbox of {Tenant} could not be dispatched now; the sweep tries again.")]
    private static partial void LogFailed(ILogger logger, TenantId tenant, Exception exception);
}
