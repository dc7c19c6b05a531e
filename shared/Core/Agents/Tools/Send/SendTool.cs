using System.Text.Json;
using MidnightOS.Core.Agents.Guards;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Agents.Tools.Send;

/// <summary>Asks for a spend. Whether it is confirmed is decided here by the user's own words, never by the model.</summary>
internal sealed class SendTool(AgentTurn turn, IIdGenerator ids) : BotTool(turn, Schema)
{
    /// <summary>The feature and the tool's name.</summary>
    public const string Feature = "send";

    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "to": {"type": "string", "maxLength": 500, "description": "The recipient's address, exactly as the user wrote it: mn_addr…"},
            "amount": {"type": "string", "maxLength": 64, "description": "A decimal number in units of the token, for example 0.25"},
            "token": {"type": "string", "maxLength": 20, "description": "The token's symbol; NIGHT when absent"},
            "note": {"type": "string", "maxLength": 200, "description": "What it is for, in the user's words"}
          },
          "required": ["to", "amount"],
          "additionalProperties": false
        }
        """;

    /// <inheritdoc/>
    public override string Name => Feature;

    /// <inheritdoc/>
    public override string Description =>
        "Asks for a payment from this bot's own wallet. Limits are checked by the platform; the payment may wait for the user's confirmation. One call is one payment.";

    /// <inheritdoc/>
    public override bool Spends => true;

    protected override async Task<ToolOutcome> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        var symbol = arguments.Text("token") ?? Token.Night.Symbol;
        if (Token.Find(symbol) is not { } token)
        {
            return Fail(Error.Invalid("token", $"This platform moves {string.Join(", ", Token.All.Select(static t => t.Symbol))}."));
        }

        var text = arguments.Text("amount")!;
        if (!token.TryParse(text, out var amount, out var problem) || amount.IsZero)
        {
            return Fail(Error.Invalid("amount", problem ?? "The amount must be greater than zero."));
        }

        // The shape alone is checked here, so that no text of the model comes back in an error; the wallet checks the address itself.
        var to = arguments.Text("to")!;
        if (!MoneyText.IsAddress(to))
        {
            return Fail(new Error(ErrorCodes.InvalidAddress, "That is not a Midnight address: mn_addr and the network, then 1, then letters and digits."));
        }

        var request = new SpendRequest(
            to, token.Format(amount), token.Symbol, arguments.Text("note"), Turn.Licences.TryUse(to, token, amount),
            SpendId.Of(ids, Turn.Scope, Turn.Message.At, Turn.CallIndex));
        var sent = await Turn.Wallet.SendAsync(Turn.Scope, request, cancellationToken);
        return sent.Match(Describe, Fail);
    }

    private static ToolOutcome Describe(TransactionView transaction) => new()
    {
        Data = Ok(new { transaction }),
        Receipt = ReceiptRenderer.Transaction(transaction),
        Transactions = [transaction],
        Spends = true,
    };
}
