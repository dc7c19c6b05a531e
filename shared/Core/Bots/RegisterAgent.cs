using Microsoft.Extensions.Options;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Bots;

/// <summary>Settings <c>Bots:*</c>.</summary>
public sealed class BotOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Bots";

    /// <summary>How many bots a tenant may have.</summary>
    public int PerTenant { get; set; } = 1000;

    /// <summary>How long the sealed seed of a deleted bot is kept.</summary>
    public TimeSpan KeepSeedFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>What is wrong with the settings; null when nothing is.</summary>
    public string? Problem() =>
        PerTenant < 1 ? $"{Section}:PerTenant is 1 or more."
        : KeepSeedFor < TimeSpan.FromDays(1) ? $"{Section}:KeepSeedFor is a day or more."
        : null;
}

/// <summary>The agent of a bot: its partition of memory and the tools that it was given.</summary>
/// <param name="BotId">The bot.</param>
/// <param name="Tools">The names of its tools.</param>
/// <param name="RegisteredAt">Since when.</param>
internal sealed record AgentRegistration(string BotId, IReadOnlyList<string> Tools, DateTimeOffset RegisteredAt)
{
    public static DocumentKey Key(string botId) => new("agent", botId);
}

/// <summary>How many agents a tenant has.</summary>
/// <param name="Count">The number.</param>
internal sealed record AgentQuota(int Count)
{
    public static readonly DocumentKey Key = new("agentQuota", "quota");
}

/// <summary>Second stage of a creation: takes the tenant's quota and registers the agent with its tools, both or neither.</summary>
public sealed class RegisterAgent(IDocumentStore store, IUnitOfWork unit, BotStage stage, TimeProvider time, IOptions<BotOptions> options)
    : IStep<BotRef, StageOutcome>
{
    /// <inheritdoc/>
    public Task<StageOutcome> RunAsync(StepKey key, BotRef input, CancellationToken cancellationToken) =>
        stage.RunAsync(input, BotFlowNames.Stages.RegisterAgent, () => RegisterAsync(input, cancellationToken), cancellationToken);

    /// <summary>Takes a registration back; without one it does nothing.</summary>
    internal static async Task ReleaseAsync(IDocumentStore store, IUnitOfWork unit, TenantId tenant, string botId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var agent = await store.ReadAsync<AgentRegistration>(tenant, AgentRegistration.Key(botId), cancellationToken);
            var quota = await store.ReadAsync<AgentQuota>(tenant, AgentQuota.Key, cancellationToken);
            if (agent is null || quota is null)
            {
                return;
            }

            var batch = new Batch()
                .Delete(AgentRegistration.Key(botId), Precondition.Match(agent.ETag))
                .Put(AgentQuota.Key, new AgentQuota(quota.Value.Count - 1), Precondition.Match(quota.ETag), []);
            if ((await unit.CommitAsync(tenant, batch, cancellationToken)).Committed)
            {
                return;
            }
        }
    }

    private async Task<StageOutcome> RegisterAsync(BotRef input, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await store.GetAsync(input.Tenant, AgentRegistration.Key(input.BotId), cancellationToken) is not null)
            {
                return StageOutcome.Ok;
            }

            var quota = await store.ReadAsync<AgentQuota>(input.Tenant, AgentQuota.Key, cancellationToken);
            var count = quota?.Value.Count ?? 0;
            if (count >= options.Value.PerTenant)
            {
                return new StageOutcome($"This tenant may have {options.Value.PerTenant} bots.");
            }

            var bot = (await store.RequireBotAsync(input, cancellationToken)).Value;
            var agent = new AgentRegistration(bot.Id, bot.Config.Capabilities?.Features ?? BotFeatures.All, time.GetUtcNow());
            var condition = quota is null ? Precondition.Absent : Precondition.Match(quota.ETag);
            var batch = new Batch()
                .Put(AgentRegistration.Key(bot.Id), agent, Precondition.Absent, [])
                .Put(AgentQuota.Key, new AgentQuota(count + 1), condition, []);
            if ((await unit.CommitAsync(input.Tenant, batch, cancellationToken)).Committed)
            {
                return StageOutcome.Ok;
            }
        }
    }
}
