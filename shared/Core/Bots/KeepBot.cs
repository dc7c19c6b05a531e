using MidnightOS.Core.Flows;
using MidnightOS.Core.Operations;

namespace MidnightOS.Core.Bots;

/// <summary>Gives a bot back, stopped, whose wallet could not be emptied, and ends the operation with the reason.</summary>
public sealed class KeepBot(MoveBot move, TrackOperation track) : IStep<BotFailure, StageOutcome>
{
    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StepKey key, BotFailure input, CancellationToken cancellationToken)
    {
        await move.RunAsync(input.Bot.Tenant, input.Bot.BotId, BotAction.AbandonDelete, input.Reason, cancellationToken);
        await track.FailAsync(input.Bot.Tenant, input.Bot.OperationId, input.Reason, cancellationToken);
        return StageOutcome.Ok;
    }
}
