using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;

namespace MidnightOS.Core.Bots;

/// <summary>Second stage of a creation: takes the tenant's quota and registers the agent with its tools, both or neither.</summary>
public sealed class RegisterAgent(IDocumentStore store, AgentRegistry registry, BotStage stage) : IStep<BotRef, StageOutcome>
{
    /// <inheritdoc/>
    public Task<StageOutcome> RunAsync(StepKey key, BotRef input, CancellationToken cancellationToken) =>
        stage.RunAsync(input, BotFlowNames.Stages.RegisterAgent, () => RegisterAsync(input, cancellationToken), cancellationToken);

    private async Task<StageOutcome> RegisterAsync(BotRef input, CancellationToken cancellationToken)
    {
        var bot = await store.RequireBotAsync(input, cancellationToken);
        return new StageOutcome(await registry.TakeAsync(input.Tenant, bot.Value, cancellationToken));
    }
}
