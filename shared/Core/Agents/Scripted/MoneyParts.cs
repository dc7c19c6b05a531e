using MidnightOS.Core.Agents.Guards;

namespace MidnightOS.Core.Agents.Scripted;

/// <summary>The parts of a payment in a segment.</summary>
/// <param name="Amounts">Plain numbers.</param>
/// <param name="Token">The symbol behind the first number, or one that stands alone.</param>
/// <param name="Addresses">Words that start like an address, right or wrong; the wallet tells what is wrong with one.</param>
/// <param name="Vague">Whether there is an amount that is not a plain number: "half", "1,000", "5k", "five".</param>
internal sealed record MoneyParts(IReadOnlyList<string> Amounts, string? Token, IReadOnlyList<string> Addresses, bool Vague)
{
    private static readonly HashSet<string> NotTokens = new(
        ["to", "for", "from", "into", "please", "of", "in", "at", "on", "with", "now", "the", "as", "or", "my", "a", "thanks", "transactions",
            "transaction", "payments", "transfers", "minutes", "times", "and", "is", "it", "that"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> VagueWords = new(
        ["half", "all", "everything", "max", "maximum", "some", "rest", "most", "third", "quarter", "few", "little", "much", "more", "less", "one",
            "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "thirty", "forty", "fifty",
            "hundred", "thousand", "million", "dozen", "about", "around", "roughly", "approximately", "between", "double"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether there is anything of a payment.</summary>
    public bool Any => Amounts.Count + Addresses.Count > 0 || Token is not null || Vague;

    /// <summary>Reads a segment.</summary>
    public static MoneyParts Read(Segment segment)
    {
        var amounts = new List<string>();
        var addresses = new List<string>();
        string? token = null;
        var vague = false;
        var words = segment.Words;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word.StartsWith("mn_", StringComparison.OrdinalIgnoreCase))
            {
                addresses.Add(word);
                continue;
            }

            var (number, unit) = MoneyText.SplitUnit(word);
            if (number.Length == 0)
            {
                vague |= VagueWords.Contains(word) || word.Any(char.IsAsciiDigit);
                token ??= Money.Token.Find(word)?.Symbol;
                continue;
            }

            if (!IsPlain(number) || unit.Any(static c => !char.IsAsciiLetter(c)) || unit is "k" or "K" or "m" or "M")
            {
                vague = true;
                continue;
            }

            amounts.Add(number);
            token ??= unit.Length > 0 ? unit : i + 1 < words.Count && IsSymbol(words[i + 1]) ? words[i + 1] : null;
        }

        token = token is null ? null : Money.Token.Find(token)?.Symbol ?? token;
        return new MoneyParts(amounts, token, addresses, vague || amounts.Count > 1);
    }

    private static bool IsPlain(string number) =>
        char.IsAsciiDigit(number[0]) && char.IsAsciiDigit(number[^1]) && number.Count(static c => c == '.') <= 1;

    private static bool IsSymbol(string word) =>
        word.Length is >= 2 and <= 20 && word.All(char.IsAsciiLetter) && !NotTokens.Contains(word) && !VagueWords.Contains(word);
}
