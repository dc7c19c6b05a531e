using System.Text.Json;

namespace MidnightOS.Core.Agents.Tools.Help;

/// <summary>Tells what the bot can do.</summary>
internal sealed class HelpTool(AgentTurn turn, IReadOnlyList<string> features) : BotTool(turn, Schema)
{
    /// <summary>The feature and the tool's name; every bot has it.</summary>
    public const string Feature = "help";

    private const string Schema = """{"type":"object","properties":{},"required":[],"additionalProperties":false}""";

    private static readonly (string Feature, string Line)[] Lines =
    [
        (Balance.BalanceTool.Feature, "- what's my balance"),
        (Address.AddressTool.Feature, "- what's your address"),
        (Send.SendTool.Feature, "- send 5 NIGHT to mn_addr… (amount, token and address in one message; otherwise I ask you to confirm)"),
        (Send.SendTool.Feature, "- confirm txn_… or cancel txn_…, as a message of its own"),
        (History.HistoryTool.Feature, "- show my last 5 transactions"),
        (Status.StatusTool.Feature, "- status of txn_…"),
    ];

    /// <inheritdoc/>
    public override string Name => Feature;

    /// <inheritdoc/>
    public override string Description => "Shows the user what this bot can do, with examples.";

    protected override Task<ToolOutcome> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        var text = string.Join('\n', Lines.Where(line => features.Contains(line.Feature, StringComparer.Ordinal)).Select(static line => line.Line)
            .Prepend("You can ask me, several at once if you like:"));
        return Task.FromResult(new ToolOutcome { Data = Ok(new { features }), Receipt = text });
    }
}
