using MidnightOS.Api.Requests;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Api.Wallets;

internal sealed record SendBody
{
    /// <summary>The recipient's unshielded address, Bech32m.</summary>
    [Text(200)]
    public required string To { get; init; }

    /// <summary>The amount in token units, a decimal string.</summary>
    [Text(64)]
    public required string Amount { get; init; }

    /// <summary>The token; without it, NIGHT.</summary>
    [Text(64)]
    public string? Token { get; init; }

    /// <summary>A note of the user's own, at most 500 characters; it does not go to the chain.</summary>
    [Text(500, MayBeBlank = true)]
    public string? Note { get; init; }
}

internal sealed record ExportBody
{
    /// <summary>The signed-in owner's password.</summary>
    [Text(256, Verbatim = true)]
    public required string Password { get; init; }
}

/// <summary>A wallet's seed in words.</summary>
/// <param name="Mnemonic">24 words (BIP-39).</param>
internal sealed record ExportResponse(string Mnemonic);

/// <summary>A transaction that was accepted.</summary>
/// <param name="Transaction">The transaction.</param>
internal sealed record TransactionResponse(TransactionView Transaction);

/// <summary>What would become of a transfer.</summary>
/// <param name="Valid">Whether it would be accepted now.</param>
/// <param name="Error">Why not.</param>
/// <param name="NeedsConfirmation">Whether it would wait for the user's confirmation.</param>
/// <param name="NeedsApproval">Whether it would wait for the signers' approval.</param>
/// <param name="Amount">Token units.</param>
/// <param name="Atomic">Atomic units.</param>
/// <param name="Token">The token's symbol.</param>
/// <param name="To">The recipient in its usual form.</param>
/// <param name="Fee">What the network would take, in DUST.</param>
internal sealed record DryRunResponse(
    bool Valid, DryRunProblem? Error, bool? NeedsConfirmation, bool? NeedsApproval, string? Amount, string? Atomic, string? Token, string? To, string? Fee)
{
    // Where sends are possible the fee price is zero; elsewhere the check itself refuses (NetworkProfile).
    private const string NoFee = "0";

    public static DryRunResponse From(CheckedSend send) => new(
        true, null, send.Verdict.NeedsConfirmation, send.Verdict.NeedsApproval, send.Token.Format(send.Amount), send.Amount.ToString(),
        send.Token.Symbol, send.To.Text, NoFee);

    public static DryRunResponse From(Error error) =>
        new(false, new DryRunProblem(error.Code.Name, error.Message, error.Details), null, null, null, null, null, null, null);
}

/// <summary>Why a transfer would be refused.</summary>
/// <param name="Code">The error's code.</param>
/// <param name="Message">The error's sentence.</param>
/// <param name="Details">The fields at fault.</param>
internal sealed record DryRunProblem(string Code, string Message, IReadOnlyDictionary<string, string>? Details);
