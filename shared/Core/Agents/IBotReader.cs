using MidnightOS.Core.Bots;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Agents;

/// <summary>Finds the bot that an agent speaks for.</summary>
public interface IBotReader
{
    /// <summary>The bot with its defaults filled in; <c>NOT_FOUND</c> when this tenant has none of this id.</summary>
    Task<Result<AgentBot>> FindAsync(TenantId tenant, string botId, CancellationToken cancellationToken);
}

/// <summary>What an agent needs to know of its bot.</summary>
/// <param name="Id"><c>bot_…</c></param>
/// <param name="Name">The name that its owner gave it.</param>
/// <param name="Status">Its state.</param>
/// <param name="Personality">How it speaks.</param>
/// <param name="Model">The language model; null = the platform's default.</param>
/// <param name="Features">The tools it has, of <see cref="BotFeatures.All"/>.</param>
public sealed record AgentBot(
    string Id, string Name, BotStatus Status, BotPersonality Personality, string? Model, IReadOnlyList<string> Features);

/// <summary>Reads bots from the document store.</summary>
internal sealed class StoredBotReader(IDocumentStore store) : IBotReader
{
    public async Task<Result<AgentBot>> FindAsync(TenantId tenant, string botId, CancellationToken cancellationToken)
    {
        var stored = IdFormat.Is(IdPrefix.Bot, botId) ? await store.FindBotAsync(tenant, botId, cancellationToken) : null;
        if (stored is null)
        {
            return Error.NotFound("bot");
        }

        var bot = stored.Value;
        var config = BotDefaults.Resolve(bot.Type, bot.Config);
        return new AgentBot(
            bot.Id, bot.Name, bot.Status, config.Personality ?? new BotPersonality(), bot.Model, config.Capabilities?.Features ?? BotFeatures.All);
    }
}
