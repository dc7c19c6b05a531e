using MidnightOS.Core.Documents;
using MidnightOS.Core.Events;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Chat;

/// <summary>Writes turns into conversations. Each write depends on the conversation's version, so a turn that lost its lease writes nothing.</summary>
internal sealed class ChatJournal(IDocumentStore store, IUnitOfWork unit, IIdGenerator ids, TimeProvider time)
{
    private const int TitleLength = 80;

    /// <summary>Stores the user's message as the conversation's open turn; null when somebody else wrote to the conversation.</summary>
    public async Task<OpenTurn?> OpenAsync(TurnStart start, Stored<Conversation>? existing, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = existing?.Value ?? New(start, now);
        var conversation = before with { LastSequence = before.LastSequence + 1, OpenTurn = start.MessageId, UpdatedAt = now };
        var message = new Message
        {
            Id = start.MessageId,
            ConversationId = conversation.Id,
            Sender = MessageSender.User,
            Content = start.Text,
            Sequence = conversation.LastSequence,
            CreatedAt = now,
        };
        var batch = new Batch()
            .Put(Conversation.Key(conversation.Id), conversation, existing is null ? Precondition.Absent : Precondition.Match(existing.ETag), conversation.Indexes)
            .Put(Message.Key(message.Id), message, Precondition.Absent, message.Indexes);
        var result = await unit.CommitAsync(start.Tenant, batch, cancellationToken);
        return result.Committed ? new OpenTurn(start.Tenant, new Stored<Conversation>(conversation, result.ETags[0]!), message) : null;
    }

    /// <summary>Stores the answer with its tool calls and closes the turn.</summary>
    /// <returns>The answer's message and the conversation after it; null when the turn is no longer this one's.</returns>
    public async Task<ClosedTurn?> CloseAsync(OpenTurn turn, TurnAnswer answer, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var sequence = turn.Conversation.Value.LastSequence;
        var batch = new Batch();
        Message Next(MessageSender sender, string content, MessageMetadata metadata)
        {
            var message = new Message
            {
                Id = ids.New(IdPrefix.Message),
                ConversationId = turn.Conversation.Value.Id,
                Sender = sender,
                Content = content,
                Sequence = ++sequence,
                CreatedAt = now,
                Metadata = metadata with { ReplyTo = turn.Message.Id },
            };
            batch.Put(Message.Key(message.Id), message, Precondition.Absent, message.Indexes);
            return message;
        }

        foreach (var call in answer.ToolCalls)
        {
            Next(MessageSender.Tool, call.Receipt, new MessageMetadata { ToolCall = call });
        }

        var reply = Next(MessageSender.Bot, answer.Text, new MessageMetadata
        {
            TransactionIds = answer.TransactionIds,
            Interrupted = answer.Interrupted ? true : null,
        });
        var conversation = turn.Conversation.Value with { LastSequence = sequence, OpenTurn = null, UpdatedAt = now };
        batch.Put(Conversation.Key(conversation.Id), conversation, Precondition.Match(turn.Conversation.ETag), conversation.Indexes);
        Publish(batch, conversation, turn.Message.Id, answer);
        var result = await unit.CommitAsync(turn.Tenant, batch, cancellationToken);
        return result.Committed ? new ClosedTurn(reply, new Stored<Conversation>(conversation, result.ETags[batch.Writes.Count - 1]!)) : null;
    }

    /// <summary>The messages before one, newest last, at most so many.</summary>
    public async Task<IReadOnlyList<Message>> BeforeAsync(TenantId tenant, Message message, int limit, CancellationToken cancellationToken)
    {
        if (limit == 0)
        {
            return [];
        }

        var query = new DocumentQuery(Message.Kind, Message.ConversationIndex, message.ConversationId)
        {
            Descending = true,
            Before = Message.SortOf(message.Sequence),
            Limit = limit,
        };
        var page = await store.QueryAsync(tenant, query, cancellationToken);
        return [.. page.Documents.Select(static document => document.As<Message>().Value).Reverse()];
    }

    // The conversation is its user's; the tenant's stream tells that something happened, not what was said.
    private static void Publish(Batch batch, Conversation conversation, string messageId, TurnAnswer answer) =>
        batch.Publish(EventTypes.Activity, conversation.Id, new
        {
            kind = "chat",
            botId = conversation.BotId,
            sessionId = conversation.Id,
            messageId,
            userId = conversation.UserId,
            toolCalls = answer.ToolCalls.Select(static call => call.Name),
            transactionIds = answer.TransactionIds,
        });

    private static Conversation New(TurnStart start, DateTimeOffset now)
    {
        var title = start.Text.Trim().ReplaceLineEndings(" ");
        return new Conversation
        {
            Id = start.ConversationId,
            BotId = start.BotId,
            UserId = start.UserId,
            Title = title.Length <= TitleLength ? title : title[..(char.IsHighSurrogate(title[TitleLength - 1]) ? TitleLength - 1 : TitleLength)],
            LastSequence = 0,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}

/// <summary>A message that is about to be stored.</summary>
internal sealed record TurnStart(TenantId Tenant, string UserId, string BotId, string ConversationId, string MessageId, string Text);

/// <summary>A stored message without its answer.</summary>
internal sealed record OpenTurn(TenantId Tenant, Stored<Conversation> Conversation, Message Message);

/// <summary>An answer that is stored.</summary>
internal sealed record ClosedTurn(Message Reply, Stored<Conversation> Conversation);

/// <summary>An answer that is about to be stored.</summary>
internal sealed record TurnAnswer(string Text, IReadOnlyList<Agents.ToolCall> ToolCalls, IReadOnlyList<string> TransactionIds, bool Interrupted = false);
