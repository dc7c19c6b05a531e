namespace MidnightOS.Core.Agents.Scripted;

/// <summary>What the scripted model makes of a message.</summary>
/// <param name="Openings">What it says first: greetings.</param>
/// <param name="Calls">The tools that it calls, in order.</param>
/// <param name="Closings">What it says last: questions, what it did not understand.</param>
/// <param name="Pending">The payment that the next message may complete; null when nothing is asked.</param>
internal sealed record ScriptedPlan(
    IReadOnlyList<string> Openings, IReadOnlyList<PlannedCall> Calls, IReadOnlyList<string> Closings, DraftSend? Pending);

/// <summary>A planned tool call.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">Its arguments, in the order of the schema.</param>
internal sealed record PlannedCall(string Tool, IReadOnlyDictionary<string, object?> Arguments)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Arguments.Count == 0 ? Tool : $"{Tool}({string.Join(", ", Arguments.Select(static pair => $"{pair.Key}={pair.Value}"))})";
}

/// <summary>A payment as far as it was said.</summary>
/// <param name="Amount">A plain decimal number.</param>
/// <param name="Token">The token's symbol as it was written.</param>
/// <param name="To">The address.</param>
/// <param name="Note">What it is for.</param>
internal sealed record DraftSend(string? Amount, string? Token, string? To, string? Note)
{
    /// <summary>The question about what is missing; null when it is complete.</summary>
    public string? Question => this switch
    {
        { Amount: null } => ScriptedLines.AskAmount,
        { Token: null } => ScriptedLines.AskToken,
        { To: null } => ScriptedLines.AskAddress,
        _ => null,
    };

    /// <summary>The call of the send tool.</summary>
    public PlannedCall ToCall()
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["to"] = To, ["amount"] = Amount, ["token"] = Token };
        if (Note is not null)
        {
            arguments["note"] = Note;
        }

        return new PlannedCall(Tools.Send.SendTool.Feature, arguments);
    }
}
