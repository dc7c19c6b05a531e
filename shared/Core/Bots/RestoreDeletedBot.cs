using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Bots;

/// <summary>A deleted bot to bring back.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="BotId">The bot.</param>
public sealed record BotRestoration(TenantId Tenant, string BotId);

/// <summary><see cref="RestoreBot"/> as the step of a flow.</summary>
public sealed class RestoreDeletedBot(RestoreBot restore) : IStep<BotRestoration, StageOutcome>
{
    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StepKey key, BotRestoration input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new StageOutcome((await restore.RunAsync(input.Tenant, input.BotId, cancellationToken)).Error?.Message);
    }
}
