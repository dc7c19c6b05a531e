using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Operations;

namespace MidnightOS.Core.Bots;

/// <summary>Last stage of a creation: ends the operation and tells the tenant's stream.</summary>
public sealed class AnnounceBot(IDocumentStore store, TrackOperation track, BotStage stage) : IStep<BotRef, StageOutcome>
{
    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StepKey key, BotRef input, CancellationToken cancellationToken)
    {
        var outcome = await stage.RunAsync(input, BotFlowNames.Stages.Announce, static () => Task.FromResult(StageOutcome.Ok), cancellationToken);
        var bot = await store.FindBotAsync(input.Tenant, input.BotId, cancellationToken);
        var result = bot is null ? new Dictionary<string, string>(StringComparer.Ordinal) { ["botId"] = input.BotId } : ResultOf(bot.Value);
        await track.SucceedAsync(input.Tenant, input.OperationId, result, cancellationToken);
        return outcome;
    }

    /// <summary>What a creation made.</summary>
    internal static Dictionary<string, string> ResultOf(Bot bot)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal) { ["botId"] = bot.Id };
        if (bot.WalletAddress is { } address)
        {
            result["walletAddress"] = address;
        }

        return result;
    }
}
