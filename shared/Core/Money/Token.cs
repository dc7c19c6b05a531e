using System.Globalization;

namespace MidnightOS.Core.Money;

/// <summary>A token that a wallet holds: its name, the ledger's type of it and its decimals.</summary>
/// <param name="Symbol">The name users write, for example <c>NIGHT</c>.</param>
/// <param name="Type">The ledger's raw token type, 64 lower hex digits; NIGHT is all zeros.</param>
/// <param name="Decimals">Decimals between the unit users write and the atomic unit.</param>
public sealed record Token(string Symbol, string Type, int Decimals)
{
    /// <summary>NIGHT: 6 decimals, atomic unit STAR.</summary>
    public static Token Night { get; } = new("NIGHT", new string('0', 64), 6);

    /// <summary>The tokens that this platform moves.</summary>
    public static IReadOnlyList<Token> All { get; } = [Night];

    /// <summary>The token of a symbol, in any case; null when there is none.</summary>
    public static Token? Find(string? symbol) =>
        All.FirstOrDefault(token => string.Equals(token.Symbol, symbol, StringComparison.OrdinalIgnoreCase));

    /// <summary>The token of a raw type; one that the platform does not know is shown by its type, without decimals.</summary>
    public static Token OfType(string type) => All.FirstOrDefault(token => token.Type == type) ?? new Token(type, type, 0);

    /// <summary>Reads an amount in token units: digits, at most one dot, at most <see cref="Decimals"/> digits behind it; no sign, exponent, space or separator.</summary>
    /// <param name="text">For example <c>0.25</c>.</param>
    /// <param name="amount">Atomic units.</param>
    /// <param name="problem">What is wrong, as a sentence; null on success.</param>
    public bool TryParse(string? text, out Amount amount, out string? problem)
    {
        amount = default;
        problem = Problem(text, out var whole, out var fraction);
        if (problem is not null)
        {
            return false;
        }

        var digits = whole + fraction.PadRight(Decimals, '0');
        if (!UInt128.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var atomic) || atomic > Limit)
        {
            problem = "The amount is too large.";
            return false;
        }

        amount = new Amount(atomic);
        return true;
    }

    /// <summary>Writes atomic units in token units, without trailing zeros: 250000 STAR is <c>0.25</c>.</summary>
    public string Format(Amount amount)
    {
        var digits = amount.ToString().PadLeft(Decimals + 1, '0');
        var fraction = digits[^Decimals..].TrimEnd('0');
        var whole = digits[..^Decimals];
        return fraction.Length == 0 ? whole : $"{whole}.{fraction}";
    }

    // Room to add any two amounts without an overflow.
    private static UInt128 Limit => UInt128.MaxValue >> 32;

    private string? Problem(string? text, out string whole, out string fraction)
    {
        whole = fraction = "";
        if (string.IsNullOrEmpty(text) || text.Length > 64)
        {
            return "An amount is a decimal number such as 0.25.";
        }

        var parts = text.Split('.');
        whole = parts[0];
        fraction = parts.Length > 1 ? parts[1] : "";
        if (parts.Length > 2 || whole.Length == 0 || (parts.Length == 2 && fraction.Length == 0)
            || !whole.All(char.IsAsciiDigit) || !fraction.All(char.IsAsciiDigit))
        {
            return "An amount is a decimal number such as 0.25.";
        }

        return fraction.Length > Decimals ? $"{Symbol} has {Decimals} decimals at most." : null;
    }
}
