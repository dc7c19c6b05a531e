using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;

namespace MidnightOS.Core.Wallets;

/// <summary>Chooses the coins of a transfer: one coin of exactly the amount; else the smallest that covers it; else the largest until they do.</summary>
/// <remarks>One coin keeps a transfer small and leaves other coins free for transfers beside it; the largest first needs the fewest inputs.</remarks>
public static class CoinSelection
{
    /// <summary>The most inputs of one transfer. It keeps a transaction small and one batch of the store large enough for its coins.</summary>
    public const int MaxInputs = 50;

    /// <summary>Chooses among coins of one token.</summary>
    /// <param name="coins">The candidates: at least the largest <see cref="MaxInputs"/> free ones and the smallest that covers the amount alone.</param>
    /// <param name="amount">What is to be paid, greater than nothing.</param>
    /// <param name="maxInputs">The most inputs.</param>
    public static CoinChoice Choose(IReadOnlyCollection<Coin> coins, Amount amount, int maxInputs = MaxInputs)
    {
        ArgumentNullException.ThrowIfNull(coins);
        ArgumentOutOfRangeException.ThrowIfEqual(amount, Amount.Zero);
        var single = coins.Where(coin => coin.Value >= amount).MinBy(static coin => (coin.Value, coin.Id));
        if (single is not null)
        {
            return new CoinChoice(CoinChoiceOutcome.Chosen, [single], single.Value - amount);
        }

        List<Coin> chosen = [];
        var sum = Amount.Zero;
        foreach (var coin in coins.OrderByDescending(static coin => coin.Value).ThenBy(static coin => coin.Id, StringComparer.Ordinal).Take(maxInputs))
        {
            chosen.Add(coin);
            sum += coin.Value;
            if (sum >= amount)
            {
                return new CoinChoice(CoinChoiceOutcome.Chosen, chosen, sum - amount);
            }
        }

        var outcome = coins.Count > maxInputs && Amount.Sum(coins.Select(static coin => coin.Value)) >= amount
            ? CoinChoiceOutcome.TooManyInputs
            : CoinChoiceOutcome.NotEnough;
        return new CoinChoice(outcome, [], sum);
    }
}

/// <summary>The chosen coins.</summary>
/// <param name="Outcome">Whether coins were chosen.</param>
/// <param name="Coins">The coins to spend.</param>
/// <param name="Rest">Chosen: the change, atomic units. Otherwise the most that one transfer can pay.</param>
public sealed record CoinChoice(CoinChoiceOutcome Outcome, IReadOnlyList<Coin> Coins, Amount Rest);

/// <summary>Whether coins were chosen.</summary>
public enum CoinChoiceOutcome
{
    /// <summary>They cover the amount.</summary>
    Chosen,

    /// <summary>The coins do not cover the amount.</summary>
    NotEnough,

    /// <summary>They would, but only with more inputs than one transfer may have.</summary>
    TooManyInputs,
}
