using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Bots;

/// <summary>What the stream tells of a bot.</summary>
/// <param name="BotId">The bot.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its state; <c>deleted</c> when it is gone.</param>
/// <param name="Reason">Why, as a sentence.</param>
internal sealed record BotStatusEvent(string BotId, string Name, string Status, string? Reason)
{
    public static BotStatusEvent Of(Bot bot) => new(bot.Id, bot.Name, bot.Status.ToString().ToLowerInvariant(), bot.StatusReason);
}

/// <summary>Stores bots with the event that tells of it.</summary>
internal static class BotBatch
{
    public static Batch Put(this Batch batch, Bot bot, Precondition condition) =>
        batch.Put(Bot.Key(bot.Id), bot, condition, []).Publish(EventTypes.BotStatus, bot.Id, BotStatusEvent.Of(bot));
}

/// <summary>Reads bots.</summary>
internal static class BotReads
{
    public static Task<Stored<Bot>?> FindBotAsync(this IDocumentStore store, TenantId tenant, string id, CancellationToken cancellationToken) =>
        store.ReadAsync<Bot>(tenant, Bot.Key(id), cancellationToken);

    public static async Task<Stored<Bot>> RequireBotAsync(this IDocumentStore store, BotRef bot, CancellationToken cancellationToken) =>
        await store.FindBotAsync(bot.Tenant, bot.BotId, cancellationToken) ?? throw new InvalidOperationException($"The bot {bot.BotId} is not stored.");
}
