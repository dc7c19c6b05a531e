using Microsoft.Extensions.Options;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Operations;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Bots;

/// <summary>A deleted bot, kept as long as its sealed seed so that it can be restored.</summary>
/// <param name="Bot">The bot as it was.</param>
/// <param name="DeletedAt">When it was removed.</param>
internal sealed record DeletedBot(Bot Bot, DateTimeOffset DeletedAt)
{
    public static DocumentKey Key(string id) => new("deletedBot", id);
}

/// <summary>Last stage of a deletion: marks the sealed seed to be erased in 90 days, gives the quota back and removes the bot.</summary>
public sealed class RemoveBot(
    IDocumentStore store, IUnitOfWork unit, AgentRegistry registry, IWalletCustody custody, TrackOperation track, BotStage stage, TimeProvider time,
    IOptions<BotOptions> options)
    : IStep<BotRef, StageOutcome>
{
    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StepKey key, BotRef input, CancellationToken cancellationToken)
    {
        var outcome = await stage.RunAsync(input, BotFlowNames.Stages.RemoveBot, () => RemoveAsync(input, cancellationToken), cancellationToken);
        var result = new Dictionary<string, string>(StringComparer.Ordinal) { ["botId"] = input.BotId };
        await track.SucceedAsync(input.Tenant, input.OperationId, result, cancellationToken);
        return outcome;
    }

    private async Task<StageOutcome> RemoveAsync(BotRef input, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await custody.RetireAsync(Wallet.RefOf(input.Tenant, input.BotId), now + options.Value.KeepSeedFor, cancellationToken);
        await registry.ReleaseAsync(input.Tenant, input.BotId, cancellationToken);
        while (await store.FindBotAsync(input.Tenant, input.BotId, cancellationToken) is { } bot)
        {
            var batch = new Batch()
                .Put(DeletedBot.Key(input.BotId), new DeletedBot(bot.Value, now), Precondition.None, [], now + options.Value.KeepSeedFor)
                .Delete(Bot.Key(input.BotId), Precondition.Match(bot.ETag))
                .Publish(EventTypes.BotStatus, input.BotId, new BotStatusEvent(input.BotId, bot.Value.Name, "deleted", null));
            await unit.CommitAsync(input.Tenant, batch, cancellationToken);
        }

        return StageOutcome.Ok;
    }
}
