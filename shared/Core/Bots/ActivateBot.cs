using MidnightOS.Core.Flows;

namespace MidnightOS.Core.Bots;

/// <summary>Fourth stage of a creation: sets the bot running.</summary>
public sealed class ActivateBot(MoveBot move, BotStage stage) : IStep<BotRef, StageOutcome>
{
    /// <inheritdoc/>
    public Task<StageOutcome> RunAsync(StepKey key, BotRef input, CancellationToken cancellationToken) =>
        stage.RunAsync(input, BotFlowNames.Stages.Activate, () => ActivateAsync(input, cancellationToken), cancellationToken);

    private async Task<StageOutcome> ActivateAsync(BotRef input, CancellationToken cancellationToken)
    {
        // INVALID_STATE: an earlier run of this step did it, and its user may have moved the bot on since.
        await move.RunAsync(input.Tenant, input.BotId, BotAction.Activate, reason: null, cancellationToken);
        return StageOutcome.Ok;
    }
}
