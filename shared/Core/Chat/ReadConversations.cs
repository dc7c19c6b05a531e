using MidnightOS.Core.Agents;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Chat;

/// <summary>Reads a user's conversations: the list with one bot, newest first, and the messages of one, in order.</summary>
public sealed class ReadConversations(IBotReader bots, IDocumentStore store)
{
    /// <summary>A page of the user's conversations with a bot, newest first; <c>NOT_FOUND</c> without the bot.</summary>
    public async Task<Result<(IReadOnlyList<Conversation> Conversations, string? Continuation)>> ListAsync(
        TenantId tenant, string userId, string botId, int limit, string? continuation, CancellationToken cancellationToken)
    {
        var bot = await bots.FindAsync(tenant, botId, cancellationToken);
        if (!bot.IsSuccess)
        {
            return bot.Error;
        }

        var query = new DocumentQuery(Conversation.Kind, Conversation.OwnerIndex, Conversation.Owner(botId, userId))
        {
            Descending = true,
            Limit = limit,
            Continuation = continuation,
        };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        return ([.. page.Documents.Select(static document => document.As<Conversation>().Value)], page.Continuation);
    }

    /// <summary>A page of the messages of one of the user's conversations, in order; <c>NOT_FOUND</c> when it is not theirs.</summary>
    public async Task<Result<ConversationPage>> GetAsync(
        TenantId tenant, string userId, string id, int limit, string? continuation, CancellationToken cancellationToken)
    {
        var stored = IdFormat.Is(IdPrefix.Conversation, id)
            ? await store.ReadAsync<Conversation>(tenant, Conversation.Key(id), cancellationToken)
            : null;
        if (stored is null || stored.Value.UserId != userId)
        {
            return Error.NotFound("conversation");
        }

        var query = new DocumentQuery(Message.Kind, Message.ConversationIndex, id) { Limit = limit, Continuation = continuation };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        return new ConversationPage(stored.Value, [.. page.Documents.Select(static document => document.As<Message>().Value)], page.Continuation);
    }
}

/// <summary>A page of a conversation's messages.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Messages">In order.</param>
/// <param name="Continuation">What the next page starts from; null after the last.</param>
public sealed record ConversationPage(Conversation Conversation, IReadOnlyList<Message> Messages, string? Continuation);
