using MidnightOS.Core.Agents;

namespace MidnightOS.Core.Chat;

/// <summary>Something that a streamed answer tells.</summary>
public abstract record ChatEvent
{
    private ChatEvent()
    {
    }

    /// <summary>The next piece of the answer; the pieces in order are <see cref="ChatAnswer.Response"/>.</summary>
    /// <param name="Text">The piece.</param>
    public sealed record Delta(string Text) : ChatEvent;

    /// <summary>A tool was called.</summary>
    /// <param name="Call">The call with its result.</param>
    public sealed record Tool(ToolCall Call) : ChatEvent;

    /// <summary>The answer is complete and stored.</summary>
    /// <param name="Answer">The whole of it.</param>
    public sealed record Finished(ChatAnswer Answer) : ChatEvent;
}

/// <summary>The answer to a message.</summary>
/// <param name="Response">The text.</param>
/// <param name="SessionId">The conversation.</param>
/// <param name="Timestamp">When the answer was stored.</param>
/// <param name="ToolCalls">The tools that were called, in order.</param>
/// <param name="TransactionIds">The transactions that it made, confirmed or cancelled.</param>
public sealed record ChatAnswer(
    string Response, string SessionId, DateTimeOffset Timestamp, IReadOnlyList<ToolCall> ToolCalls, IReadOnlyList<string> TransactionIds);
