using System.Text.Json;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Agents.Tools.Status;

/// <summary>Reads the record of one transaction.</summary>
internal sealed class StatusTool(AgentTurn turn) : BotTool(turn, Schema)
{
    /// <summary>The feature and the tool's name.</summary>
    public const string Feature = "status";

    private const string Schema = """
        {
          "type": "object",
          "properties": {"id": {"type": "string", "maxLength": 64, "description": "The transaction's id: txn_…"}},
          "required": ["id"],
          "additionalProperties": false
        }
        """;

    /// <inheritdoc/>
    public override string Name => Feature;

    /// <inheritdoc/>
    public override string Description => "Reads the record of one transaction of this bot: its status at this moment.";

    protected override async Task<ToolOutcome> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        if (IdFormat.Normalize(IdPrefix.Transaction, arguments.Text("id")!) is not { } id)
        {
            return Fail(Error.NotFound("transaction"));
        }

        var found = await Turn.Wallet.FindTransactionAsync(Turn.Scope, id, cancellationToken);
        return found.Match(
            transaction => new ToolOutcome
            {
                Data = Ok(new { transaction }),
                Receipt = ReceiptRenderer.Transaction(transaction),
                Transactions = [transaction],
            },
            Fail);
    }
}
