using System.Text.Json;

namespace MidnightOS.Core.Agents;

/// <summary>Something that happens in a turn, in order.</summary>
public abstract record AgentEvent
{
    private AgentEvent()
    {
    }

    /// <summary>A piece of the answer, checked; the pieces in order are the answer.</summary>
    /// <param name="Value">The piece.</param>
    public sealed record Text(string Value) : AgentEvent;

    /// <summary>A tool was called and has answered.</summary>
    /// <param name="Call">The call.</param>
    public sealed record Tool(ToolCall Call) : AgentEvent;
}

/// <summary>A tool call as the contract shows it.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">What it was called with.</param>
/// <param name="Result">Its structured result.</param>
/// <param name="Status"><c>succeeded</c> or <c>failed</c>.</param>
public sealed record ToolCall(string Name, JsonElement Arguments, JsonElement Result, string Status)
{
    /// <summary>The ids of the transactions that the call made, confirmed or cancelled.</summary>
    public IReadOnlyList<string> TransactionIds { get; init; } = [];

    /// <summary>What the host told the user of it.</summary>
    public string Receipt { get; init; } = "";
}
