using MidnightOS.Core.Money;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>The spends that the user's current message licenses literally. Each mention licenses one spend, once.</summary>
/// <remarks>This is what stands between a language model that was talked into something and the wallet: no model output comes in here
/// but the arguments to compare.</remarks>
internal sealed class SpendLicences
{
    private readonly List<LiteralSpend> _open;

    private SpendLicences(IEnumerable<LiteralSpend> spends) => _open = [.. spends];

    /// <summary>What the signed-in user's current message licenses.</summary>
    public static SpendLicences Of(string message) => new(LiteralSpendCheck.Read(message));

    /// <summary>Takes the licence for exactly this spend; false when the message holds none or it was taken before.</summary>
    /// <param name="to">The recipient, compared character by character.</param>
    /// <param name="token">The token.</param>
    /// <param name="amount">Atomic units.</param>
    public bool TryUse(string to, Token token, Amount amount)
    {
        var index = _open.FindIndex(spend =>
            string.Equals(spend.To, to, StringComparison.Ordinal) && spend.Token == token && spend.Amount == amount);
        if (index < 0)
        {
            return false;
        }

        _open.RemoveAt(index);
        return true;
    }
}

/// <summary>A spend that stands literally in a message.</summary>
internal sealed record LiteralSpend(string To, Token Token, Amount Amount);
