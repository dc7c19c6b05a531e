using System.Text.RegularExpressions;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>How amounts and addresses look in text.</summary>
internal static partial class MoneyText
{
    /// <summary>Whether the whole text has the shape of a Midnight address (Bech32m of midnight-wallet's address-format); its checksum is the wallet's matter.</summary>
    public static bool IsAddress(string text) => Address().IsMatch(text);

    /// <summary>Takes a unit off that is written against its number: <c>5NIGHT</c>.</summary>
    public static (string Number, string Unit) SplitUnit(string word)
    {
        var digits = 0;
        while (digits < word.Length && (char.IsAsciiDigit(word[digits]) || word[digits] == '.'))
        {
            digits++;
        }

        return (word[..digits], word[digits..]);
    }

    [GeneratedRegex(@"\Amn_[a-z0-9_-]{1,60}1[02-9ac-hj-np-z]{6,400}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address();
}
