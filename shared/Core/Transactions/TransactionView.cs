using MidnightOS.Core.Contracts;
using MidnightOS.Core.Money;

namespace MidnightOS.Core.Transactions;

/// <summary>A transaction as the contract shows it, in answers, events and to the agent alike.</summary>
/// <param name="Id"><c>txn_…</c></param>
/// <param name="BotId">The bot.</param>
/// <param name="Type">A transfer or a contract call.</param>
/// <param name="Direction">Out or in.</param>
/// <param name="Status">Its state.</param>
/// <param name="Hash">The chain's hash.</param>
/// <param name="Identifiers">The chain's identifiers.</param>
/// <param name="From">Who pays.</param>
/// <param name="To">Who is paid.</param>
/// <param name="Amount">Token units, a decimal string.</param>
/// <param name="Atomic">Atomic units, an integer as a string.</param>
/// <param name="Token">The token's symbol, or its raw type when the platform does not know it.</param>
/// <param name="Fee">DUST, a decimal string.</param>
/// <param name="Block">The block that has it.</param>
/// <param name="Error">Why it did not work.</param>
/// <param name="Note">The user's own note.</param>
/// <param name="History">Its states in order.</param>
/// <param name="CreatedAt">When it was requested or seen.</param>
/// <param name="ConfirmedAt">The time of its block.</param>
/// <param name="Contract">What it calls; null for a transfer.</param>
public sealed record TransactionView(
    string Id, string BotId, TransactionType Type, TransactionDirection Direction, TransactionStatus Status, string? Hash, IReadOnlyList<string> Identifiers,
    string? From, string? To, string Amount, string Atomic, string Token, string? Fee, TransactionBlock? Block, string? Error, string? Note,
    IReadOnlyList<TransactionMoment> History, DateTimeOffset CreatedAt, DateTimeOffset? ConfirmedAt, ContractCall? Contract)
{
    private static readonly Token Dust = new("DUST", "", 15);

    /// <summary>Shows a transaction.</summary>
    public static TransactionView Of(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var token = Money.Token.OfType(transaction.TokenType);
        return new TransactionView(
            transaction.Id, transaction.BotId, transaction.Type, transaction.Direction, transaction.Status, transaction.Hash, transaction.Identifiers,
            transaction.From, transaction.To, token.Format(transaction.Amount), transaction.Amount.ToString(), token.Symbol,
            transaction.Fee is { } fee ? Dust.Format(fee) : null, transaction.Block, transaction.Error, transaction.Note,
            transaction.History, transaction.CreatedAt, transaction.ConfirmedAt, transaction.Contract);
    }
}
