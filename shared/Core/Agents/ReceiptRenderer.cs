using System.Globalization;
using System.Text;
using System.Text.Json;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Agents;

/// <summary>Renders the facts about money that a user reads, from the records alone. No text of a model, note or counterparty comes in.</summary>
internal static class ReceiptRenderer
{
    /// <summary>The balances of a wallet.</summary>
    public static string Balance(WalletView wallet)
    {
        var lines = wallet.Balances.Count == 0
            ? ["Balance: the wallet holds no tokens."]
            : wallet.Balances.Select(static b =>
                $"Balance: {b.Total} {b.Token} in total, {b.Available} {b.Token} available, {b.Reserved} {b.Token} reserved.");
        var sync = wallet.Sync.State is not WalletSyncState.Synced
            ? [$"This is the state of block {wallet.Sync.Height}; the wallet is still catching up with newer ones."]
            : Enumerable.Empty<string>();
        return string.Join('\n', lines.Concat(sync));
    }

    /// <summary>The addresses of a wallet.</summary>
    public static string Addresses(WalletView wallet)
    {
        var text = new StringBuilder($"Address for NIGHT ({wallet.Network}): {wallet.Addresses.Unshielded}");
        Append(text, "Shielded address", wallet.Addresses.Shielded);
        Append(text, "Dust address", wallet.Addresses.Dust);
        return text.ToString();
    }

    /// <summary>One transaction as its record says at this moment.</summary>
    public static string Transaction(TransactionView transaction)
    {
        var text = new StringBuilder($"Transaction {transaction.Id}: {Movement(transaction)}. Status: {Word(transaction.Status)}.");
        Append(text, "Hash", transaction.Hash);
        Append(text, "Block", transaction.Block?.Height.ToString(CultureInfo.InvariantCulture));
        Append(text, "Reason", transaction.Error is { } error ? OneLine(error) : null);
        if (transaction.Status is TransactionStatus.AwaitingConfirmation)
        {
            text.Append($"\nNothing moves until you confirm it: reply `confirm {transaction.Id}` within ten minutes, or `cancel {transaction.Id}`.");
        }

        return text.ToString();
    }

    /// <summary>Transactions, one a line.</summary>
    public static string History(IReadOnlyList<TransactionView> transactions) => transactions.Count == 0
        ? "Transactions: none yet."
        : string.Join('\n', transactions.Select(Line).Prepend($"Transactions, newest first ({transactions.Count}):"));

    /// <summary>A failure of a tool.</summary>
    public static string Failure(string tool, Error error, bool spends) =>
        $"{tool}: {OneLine(error.Message)} ({error.Code.Name}){(spends ? " No transaction was made." : "")}";

    /// <summary>A state in the contract's word.</summary>
    public static string Word(TransactionStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private static string Line(TransactionView t) => string.Create(
        CultureInfo.InvariantCulture, $"- {t.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {t.Id}: {Movement(t)}, {Word(t.Status)}");

    private static string Movement(TransactionView t) =>
        t.Contract is { } contract ? $"call of a contract ({contract.Address})"
        : t.Direction is TransactionDirection.In
        ? $"{t.Amount} {t.Token} from {t.From ?? "an unknown address"}"
        : $"{t.Amount} {t.Token} to {t.To ?? "an unknown address"}";

    private static void Append(StringBuilder text, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Append('\n').Append(label).Append(": ").Append(value);
        }
    }

    // An error's message may carry a value that somebody else wrote; it must not look like a line of its own.
    private static string OneLine(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));
}
