using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Bots;

/// <summary>First stage of a creation: stores the configuration with the defaults of the bot's type filled in.</summary>
public sealed class SaveBotConfig(IDocumentStore store, IUnitOfWork unit, BotStage stage, TimeProvider time) : IStep<BotRef, StageOutcome>
{
    /// <inheritdoc/>
    public Task<StageOutcome> RunAsync(StepKey key, BotRef input, CancellationToken cancellationToken) =>
        stage.RunAsync(input, BotFlowNames.Stages.SaveConfig, () => SaveAsync(input, cancellationToken), cancellationToken);

    private async Task<StageOutcome> SaveAsync(BotRef input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await store.RequireBotAsync(input, cancellationToken);
            var saved = stored.Value with { Config = BotDefaults.Resolve(stored.Value.Type, stored.Value.Config), UpdatedAt = time.GetUtcNow() };
            var batch = new Batch().Put(Bot.Key(saved.Id), saved, Precondition.Match(stored.ETag), []);
            if ((await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed)
            {
                return StageOutcome.Ok;
            }
        }
    }
}
