using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>What this turn's tools have found, as far as a sentence about money may repeat it. Only typed fields of records count, no free text.</summary>
internal sealed class TurnFacts
{
    private readonly Dictionary<string, TransactionView> _transactions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _subjects = new(StringComparer.Ordinal);
    private readonly HashSet<string> _balances = new(StringComparer.Ordinal);
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _counts = new(StringComparer.Ordinal);

    /// <summary>The transactions of this turn, each in its latest record.</summary>
    public IReadOnlyCollection<TransactionView> Transactions => _transactions.Values;

    /// <summary>Numbers of the wallet's balances.</summary>
    public IReadOnlySet<string> BalanceNumbers => _balances;

    /// <summary>How many transactions a list held.</summary>
    public IReadOnlySet<string> Counts => _counts;

    /// <summary>The wallet's own addresses.</summary>
    public IReadOnlySet<string> Addresses => _addresses;

    /// <summary>Whether a balance that was read is nothing.</summary>
    public bool HasEmptyBalance { get; private set; }

    /// <summary>Whether a spend was refused in this turn.</summary>
    public bool SpendRefused { get; private set; }

    /// <summary>Whether a spend was refused for want of funds.</summary>
    public bool FundsMissing { get; private set; }

    /// <summary>Whether the turn made, decided on or looked up this transaction; otherwise it only stood in a list of the past.</summary>
    public bool IsSubject(TransactionView transaction) => _subjects.Contains(transaction.Id);

    /// <summary>Takes the result of a tool in.</summary>
    public void Add(ToolOutcome outcome)
    {
        SpendRefused |= outcome is { Spends: true, Error: not null };
        FundsMissing |= outcome.Error?.Code == ErrorCodes.InsufficientFunds;
        foreach (var transaction in outcome.Transactions)
        {
            _transactions[transaction.Id] = transaction;
            if (!outcome.Listed)
            {
                _subjects.Add(transaction.Id);
            }
        }

        if (outcome.Transactions.Count > 0)
        {
            _counts.Add(outcome.Transactions.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        AddBalances(outcome.Balances);
        if (outcome.Addresses is { } addresses)
        {
            string?[] all = [addresses.Unshielded, addresses.Shielded, addresses.Dust];
            _addresses.UnionWith(all.OfType<string>());
        }
    }

    private void AddBalances(IReadOnlyList<WalletBalance>? balances)
    {
        foreach (var balance in balances ?? [])
        {
            _balances.Add(Claims.Canonical(balance.Total));
            _balances.Add(Claims.Canonical(balance.Available));
            _balances.Add(Claims.Canonical(balance.Reserved));
            HasEmptyBalance |= Claims.Canonical(balance.Available) == "0";
        }

        HasEmptyBalance |= balances is { Count: 0 };
    }
}
