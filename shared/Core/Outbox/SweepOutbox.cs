using Microsoft.Extensions.Logging;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Core.Outbox;

/// <summary>Finds outbox records by their due markers: those of an instance that died between its commit and the dispatch.</summary>
internal sealed class SweepOutbox(IDirectory directory, DispatchOutbox dispatch, TimeProvider time, ILogger<SweepOutbox> logger) : IBackgroundWork
{
    private readonly SweepTenants _tenants = new(directory, OutboxPlace.Platform, (tenant, token) => DispatchAllAsync(dispatch, tenant, token), time, logger);

    public string Name => "outbox";

    public TimeSpan Interval => OutboxTimes.LookAgainAfter;

    public Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken) => _tenants.RunAsync(budget, cancellationToken);

    private static async Task<bool> DispatchAllAsync(DispatchOutbox dispatch, TenantId tenant, CancellationToken cancellationToken)
    {
        await dispatch.RunAsync(tenant, cancellationToken);
        return true;
    }
}
