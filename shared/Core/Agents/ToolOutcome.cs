using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Agents;

/// <summary>What a tool found or did: for the model as data, for the user as a receipt, for the checks as records.</summary>
internal sealed record ToolOutcome
{
    /// <summary>The structured result that the model and the API see.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>What the host tells the user, rendered from the records.</summary>
    public required string Receipt { get; init; }

    /// <summary>The failure; null on success.</summary>
    public Error? Error { get; init; }

    /// <summary>The records of transactions in the result.</summary>
    public IReadOnlyList<TransactionView> Transactions { get; init; } = [];

    /// <summary>Whether the transactions are a list of the past rather than the ones that this turn is about.</summary>
    public bool Listed { get; init; }

    /// <summary>The balances in the result; null when they were not asked for.</summary>
    public IReadOnlyList<WalletBalance>? Balances { get; init; }

    /// <summary>The addresses in the result; null when they were not asked for.</summary>
    public WalletAddresses? Addresses { get; init; }

    /// <summary>Whether the tool was about moving money, so that its failure is a statement about a spend.</summary>
    public bool Spends { get; init; }

    /// <summary>A failure.</summary>
    public static ToolOutcome Failed(string tool, Error error, bool spends = false) => new()
    {
        Data = JsonSerializer.SerializeToElement(
            new { status = "failed", error = new { code = error.Code.Name, message = error.Message, details = error.Details } },
            DocumentJson.Options),
        Receipt = ReceiptRenderer.Failure(tool, error, spends),
        Error = error,
        Spends = spends,
    };
}
