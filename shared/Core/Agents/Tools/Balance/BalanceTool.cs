using System.Text.Json;

namespace MidnightOS.Core.Agents.Tools.Balance;

/// <summary>Reads the wallet's balances.</summary>
internal sealed class BalanceTool(AgentTurn turn) : BotTool(turn, Schema)
{
    /// <summary>The feature and the tool's name.</summary>
    public const string Feature = "balance";

    private const string Schema = """{"type":"object","properties":{},"required":[],"additionalProperties":false}""";

    /// <inheritdoc/>
    public override string Name => Feature;

    /// <inheritdoc/>
    public override string Description => "Reads this bot's own wallet: for each token the total, what is available and what is reserved.";

    protected override async Task<ToolOutcome> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        var wallet = await Turn.Wallet.GetAsync(Turn.Scope, cancellationToken);
        return wallet.Match(
            view => new ToolOutcome
            {
                Data = Ok(new { balances = view.Balances, network = view.Network, sync = view.Sync }),
                Receipt = ReceiptRenderer.Balance(view),
                Balances = view.Balances,
            },
            Fail);
    }
}
