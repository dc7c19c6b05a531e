using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Outbox;

/// <summary>Has the records of tenants carried out as soon as this process has committed them.</summary>
/// <param name="signal">Tells of tenants with new records.</param>
/// <param name="carryOut">Carries a tenant's records out.</param>
/// <param name="logger">Is told of what failed.</param>
public abstract partial class SignalLoop(OutboxSignal signal, Func<TenantId, CancellationToken, Task> carryOut, ILogger logger) : BackgroundService
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
                await carryOut(tenant, stoppingToken);
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
