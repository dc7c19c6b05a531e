using Microsoft.Extensions.Options;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Bots;

/// <summary>The agents of a tenant and how many it may have: a registration and the count change in one batch.</summary>
public sealed class AgentRegistry(IDocumentStore store, IUnitOfWork unit, TimeProvider time, IOptions<BotOptions> options)
{
    /// <summary>Registers a bot's agent; one that is registered stays so.</summary>
    /// <returns>Why not, as a sentence; null when it is registered.</returns>
    public async Task<string?> TakeAsync(TenantId tenant, Bot bot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bot);
        while (true)
        {
            if (await store.GetAsync(tenant, AgentRegistration.Key(bot.Id), cancellationToken) is not null)
            {
                return null;
            }

            var quota = await store.ReadAsync<AgentQuota>(tenant, AgentQuota.Key, cancellationToken);
            var count = quota?.Value.Count ?? 0;
            if (count >= options.Value.PerTenant)
            {
                return $"This tenant may have {options.Value.PerTenant} bots.";
            }

            var agent = new AgentRegistration(bot.Id, bot.Config.Capabilities?.Features ?? BotFeatures.All, time.GetUtcNow());
            var condition = quota is null ? Precondition.Absent : Precondition.Match(quota.ETag);
            var batch = new Batch()
                .Put(AgentRegistration.Key(bot.Id), agent, Precondition.Absent, [])
                .Put(AgentQuota.Key, new AgentQuota(count + 1), condition, []);
            if ((await unit.CommitAsync(tenant, batch, cancellationToken)).Committed)
            {
                return null;
            }
        }
    }

    /// <summary>Takes a registration back; without one it does nothing.</summary>
    public async Task ReleaseAsync(TenantId tenant, string botId, CancellationToken cancellationToken)
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
