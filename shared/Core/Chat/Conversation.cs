using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Chat;

/// <summary>A conversation of one user with one bot; its id is the contract's <c>sessionId</c>.</summary>
public sealed record Conversation
{
    internal const string Kind = "conversation";
    internal const string OwnerIndex = "owner";

    /// <summary><c>cnv_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The bot.</summary>
    public required string BotId { get; init; }

    /// <summary>The user; nobody else sees it.</summary>
    public required string UserId { get; init; }

    /// <summary>The beginning of the first message, at most 80 characters.</summary>
    public required string Title { get; init; }

    /// <summary>The sequence of the newest message; the first has 1.</summary>
    public required long LastSequence { get; init; }

    /// <summary>The user's message whose answer is under way, or was when its host died; null between turns.</summary>
    public string? OpenTurn { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest message was written.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static DocumentKey Key(string id) => new(Kind, id);

    internal static string Owner(string botId, string userId) => $"{botId}|{userId}";

    internal IndexEntry[] Indexes => [new IndexEntry(OwnerIndex, Owner(BotId, UserId))];
}

/// <summary>Who wrote a message.</summary>
public enum MessageSender
{
    /// <summary>The user.</summary>
    User,

    /// <summary>The bot.</summary>
    Bot,

    /// <summary>A tool that the bot called; the content is its receipt.</summary>
    Tool,
}

/// <summary>A message of a conversation.</summary>
public sealed record Message
{
    internal const string Kind = "message";
    internal const string ConversationIndex = "conversation";

    /// <summary><c>msg_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The conversation.</summary>
    public required string ConversationId { get; init; }

    /// <summary>Who wrote it.</summary>
    public required MessageSender Sender { get; init; }

    /// <summary>The text.</summary>
    public required string Content { get; init; }

    /// <summary>Its place in the conversation, from 1 without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What belongs to it.</summary>
    public MessageMetadata? Metadata { get; init; }

    internal static DocumentKey Key(string id) => new(Kind, id);

    internal static string SortOf(long sequence) => sequence.ToString("D12", CultureInfo.InvariantCulture);

    [JsonIgnore]
    internal IndexEntry[] Indexes => [new IndexEntry(ConversationIndex, ConversationId, SortOf(Sequence))];
}

/// <summary>What belongs to a message.</summary>
public sealed record MessageMetadata
{
    /// <summary>The user's message that this one answers or served.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The tool call, on a message of a tool.</summary>
    public ToolCall? ToolCall { get; init; }

    /// <summary>The transactions that the answer made, confirmed or cancelled.</summary>
    public IReadOnlyList<string>? TransactionIds { get; init; }

    /// <summary>Whether the answer was cut off and closed from the records.</summary>
    public bool? Interrupted { get; init; }
}
