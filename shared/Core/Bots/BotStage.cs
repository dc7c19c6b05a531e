using MidnightOS.Core.Operations;

namespace MidnightOS.Core.Bots;

/// <summary>Runs the work of a stage between the records of its beginning and its end.</summary>
public sealed class BotStage(TrackOperation track)
{
    internal async Task<StageOutcome> RunAsync(BotRef bot, string stage, Func<Task<StageOutcome>> work, CancellationToken cancellationToken)
    {
        await track.BeginAsync(bot.Tenant, bot.OperationId, stage, cancellationToken);
        var outcome = await work();
        if (outcome.Error is null)
        {
            await track.EndAsync(bot.Tenant, bot.OperationId, stage, StageStatus.Succeeded, cancellationToken);
        }

        return outcome;
    }
}
