using System.Text.Json;

namespace MidnightOS.Core.Agents.Tools.Address;

/// <summary>Reads the wallet's addresses.</summary>
internal sealed class AddressTool(AgentTurn turn) : BotTool(turn, Schema)
{
    /// <summary>The feature and the tool's name.</summary>
    public const string Feature = "address";

    private const string Schema = """{"type":"object","properties":{},"required":[],"additionalProperties":false}""";

    /// <inheritdoc/>
    public override string Name => Feature;

    /// <inheritdoc/>
    public override string Description => "Reads the addresses at which this bot's own wallet can be paid.";

    protected override async Task<ToolOutcome> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        var wallet = await Turn.Wallet.GetAsync(Turn.Scope, cancellationToken);
        return wallet.Match(
            view => new ToolOutcome
            {
                Data = Ok(new { addresses = view.Addresses, network = view.Network }),
                Receipt = ReceiptRenderer.Addresses(view),
                Addresses = view.Addresses,
            },
            Fail);
    }
}
