using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Chat;

/// <summary>Begins a turn under its lock: closes what a dead host left open, recognises a repeated message, stores a new one.</summary>
internal sealed class RunTurn(
    IDocumentStore store, ChatJournal journal, CloseOpenTurn close, AnswerMessage answer, IOptions<AgentOptions> options)
{
    // A turn is stored as its message, its tool calls and its answer.
    private const int MessagesPerEntry = 3;

    /// <summary>The turn; null when somebody else wrote to the conversation.</summary>
    public async Task<ChatTurn?> BeginAsync(
        AgentBot bot, TurnStart start, Stored<Conversation>? existing, TurnLock held, CancellationToken cancellationToken)
    {
        if (existing is { Value.OpenTurn: not null })
        {
            existing = await close.RunAsync(start.Tenant, existing, cancellationToken);
            if (existing is null)
            {
                return null;
            }
        }

        if (existing is not null && await FindAnswerAsync(start, cancellationToken) is { } known)
        {
            return new ChatTurn(held, known);
        }

        var open = await journal.OpenAsync(start, existing, cancellationToken);
        if (open is null)
        {
            return null;
        }

        var history = await HistoryAsync(open, cancellationToken);
        var running = new RunningTurn(open, journal, close, token =>
            answer.RunAsync(bot, CloseOpenTurn.ScopeOf(open), CloseOpenTurn.MessageOf(open), history, token));
        return new ChatTurn(held, running);
    }

    private async Task<ChatAnswer?> FindAnswerAsync(TurnStart start, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync<Message>(start.Tenant, Message.Key(start.MessageId), cancellationToken) is not { } asked
            || asked.Value.ConversationId != start.ConversationId)
        {
            return null;
        }

        var query = new DocumentQuery(Message.Kind, Message.ConversationIndex, start.ConversationId) { After = Message.SortOf(asked.Value.Sequence), Limit = 50 };
        var page = await store.QueryAsync(start.Tenant, query, cancellationToken);
        var messages = page.Documents.Select(static document => document.As<Message>().Value).Where(m => m.Metadata?.ReplyTo == start.MessageId).ToList();
        var reply = messages.First(static message => message.Sender == MessageSender.Bot);
        return new ChatAnswer(
            reply.Content, reply.ConversationId, reply.CreatedAt, [.. messages.Select(static m => m.Metadata!.ToolCall).OfType<ToolCall>()],
            reply.Metadata?.TransactionIds ?? []);
    }

    private async Task<IReadOnlyList<ChatMessage>> HistoryAsync(OpenTurn open, CancellationToken cancellationToken)
    {
        var limit = options.Value.HistoryMessages;
        var before = await journal.BeforeAsync(open.Tenant, open.Message, limit * MessagesPerEntry, cancellationToken);
        return
        [
            .. before.Where(static message => message.Sender != MessageSender.Tool).TakeLast(limit)
                .Select(static message => new ChatMessage(message.Sender == MessageSender.User ? ChatRole.User : ChatRole.Assistant, message.Content)),
        ];
    }
}
