using System.Text.Json;
using MidnightOS.Api.Lists;
using MidnightOS.Api.Requests;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Chat;

namespace MidnightOS.Api.Chat;

internal sealed record ChatBody
{
    /// <summary>1 to 8,000 characters.</summary>
    [Text(SendMessage.MaxLength)]
    public required string Message { get; init; }

    /// <summary>The conversation to go on with; without one, a new one.</summary>
    [Text(100)]
    public string? SessionId { get; init; }
}

internal sealed record ChatWithBotBody
{
    /// <summary>The bot.</summary>
    [Text(100)]
    public required string BotId { get; init; }

    /// <summary>1 to 8,000 characters.</summary>
    [Text(SendMessage.MaxLength)]
    public required string Message { get; init; }

    /// <summary>The conversation to go on with; without one, a new one.</summary>
    [Text(100)]
    public string? SessionId { get; init; }
}

/// <summary>The answer to a message.</summary>
/// <param name="Response">The text.</param>
/// <param name="SessionId">The conversation, <c>cnv_…</c></param>
/// <param name="Timestamp">When the answer was stored.</param>
/// <param name="ToolCalls">The tools that the bot called, in order.</param>
/// <param name="TransactionIds">The transactions that it made, confirmed or cancelled.</param>
internal sealed record ChatResponse(
    string Response, string SessionId, DateTimeOffset Timestamp, IReadOnlyList<ToolCallResponse> ToolCalls, IReadOnlyList<string> TransactionIds)
{
    public static ChatResponse From(ChatAnswer answer) => new(
        answer.Response, answer.SessionId, answer.Timestamp, [.. answer.ToolCalls.Select(ToolCallResponse.From)], answer.TransactionIds);
}

/// <summary>A tool call.</summary>
/// <param name="Name">The tool; <c>confirm</c> and <c>cancel</c> for what the user typed.</param>
/// <param name="Arguments">What it was called with.</param>
/// <param name="Result">What it gave.</param>
/// <param name="Status"><c>succeeded</c> or <c>failed</c>.</param>
internal sealed record ToolCallResponse(string Name, JsonElement Arguments, JsonElement Result, string Status)
{
    public static ToolCallResponse From(ToolCall call) => new(call.Name, call.Arguments, call.Result, call.Status);
}

/// <summary>A piece of a streamed answer.</summary>
/// <param name="Text">The pieces in order are the answer's <c>response</c>.</param>
internal sealed record DeltaResponse(string Text);

/// <summary>A conversation in a list.</summary>
/// <param name="Id">The <c>sessionId</c> of its messages, <c>cnv_…</c></param>
/// <param name="BotId">The bot.</param>
/// <param name="Title">The beginning of its first message.</param>
/// <param name="MessageCount">Messages of user, tools and bot.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="UpdatedAt">When its newest message was written.</param>
internal sealed record ConversationResponse(string Id, string BotId, string Title, long MessageCount, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ConversationResponse From(Conversation conversation) => new(
        conversation.Id, conversation.BotId, conversation.Title, conversation.LastSequence, conversation.CreatedAt, conversation.UpdatedAt);
}

/// <summary>A page of a conversation's messages, in order.</summary>
/// <param name="SessionId">The conversation.</param>
/// <param name="BotId">The bot.</param>
/// <param name="Data">The messages.</param>
/// <param name="Pagination">How to go on.</param>
internal sealed record MessagesResponse(string SessionId, string BotId, IReadOnlyList<MessageResponse> Data, Pagination Pagination)
{
    public static MessagesResponse From(ConversationPage found, PageRequest page) => new(
        found.Conversation.Id, found.Conversation.BotId, [.. found.Messages.Select(MessageResponse.From)],
        new Pagination(page.Limit, PageRequest.CursorOf(found.Continuation)));
}

/// <summary>A message.</summary>
/// <param name="Id"><c>msg_…</c></param>
/// <param name="Sender">Who wrote it.</param>
/// <param name="Content">The text.</param>
/// <param name="Sequence">Its place in the conversation, from 1.</param>
/// <param name="CreatedAt">When it was stored.</param>
/// <param name="Metadata">What belongs to it.</param>
internal sealed record MessageResponse(
    string Id, MessageSender Sender, string Content, long Sequence, DateTimeOffset CreatedAt, MessageMetadataResponse? Metadata)
{
    public static MessageResponse From(Message message) => new(
        message.Id, message.Sender, message.Content, message.Sequence, message.CreatedAt, MessageMetadataResponse.From(message.Metadata));
}

/// <summary>What belongs to a message.</summary>
/// <param name="ReplyTo">The user's message that it answers.</param>
/// <param name="ToolCall">The call, on a message of a tool.</param>
/// <param name="TransactionIds">The transactions that the answer made, confirmed or cancelled.</param>
/// <param name="Interrupted">Whether the answer was cut off and closed from the records.</param>
internal sealed record MessageMetadataResponse(string? ReplyTo, ToolCallResponse? ToolCall, IReadOnlyList<string>? TransactionIds, bool Interrupted)
{
    public static MessageMetadataResponse? From(MessageMetadata? metadata) => metadata is null ? null : new MessageMetadataResponse(
        metadata.ReplyTo, metadata.ToolCall is { } call ? ToolCallResponse.From(call) : null, metadata.TransactionIds, metadata.Interrupted == true);
}
