using System.Text.RegularExpressions;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>What a sentence says about money.</summary>
/// <param name="Literals">Ids, addresses, hashes and whatever looks like one.</param>
/// <param name="UnitNumbers">Numbers that stand with a unit (<c>5 NIGHT</c>), in canonical form.</param>
/// <param name="PlainNumbers">The other numbers, in canonical form.</param>
/// <param name="States">States that it claims.</param>
/// <param name="DeniedStates">States that it denies.</param>
internal sealed partial record Claims(
    IReadOnlyList<string> Literals, IReadOnlyList<string> UnitNumbers, IReadOnlyList<string> PlainNumbers,
    IReadOnlyList<StateClaim> States, IReadOnlyList<StateClaim> DeniedStates)
{
    /// <summary>Whether its subject is money at all.</summary>
    public bool IsAboutMoney { get; private init; }

    /// <summary>Whether it speaks of what a wallet holds.</summary>
    public bool IsAboutBalance { get; private init; }

    /// <summary>Whether it speaks of fees or prices.</summary>
    public bool IsAboutFees { get; private init; }

    /// <summary>Whether it writes an amount in words, which cannot be compared.</summary>
    public bool HasAmountInWords { get; private init; }

    /// <summary>Whether it only says yes or no.</summary>
    public bool IsBareAnswer { get; private init; }

    /// <summary>Whether it has fewer than four words.</summary>
    public bool IsShort { get; private init; }

    /// <summary>Reads the plain form of a sentence.</summary>
    public static Claims Read(string plain)
    {
        var literals = Literal().Matches(plain).Select(static match => match.Value.TrimEnd('.', '-', '_')).ToList();
        var rest = Literal().Replace(plain, " ");
        var isMoney = Money().IsMatch(rest);
        var (units, numbers) = Numbers(ListMarker().Replace(rest, ""), rest);
        var (states, denied) = StateClaims.Read(rest);
        return new Claims(literals, units, numbers, states, denied)
        {
            IsAboutMoney = isMoney || units.Count > 0 || literals.Count > 0 || states.Count > 0 || denied.Count > 0,
            IsAboutBalance = Balance().IsMatch(rest),
            IsAboutFees = Fees().IsMatch(rest),
            HasAmountInWords = AmountInWords().IsMatch(rest),
            IsBareAnswer = BareAnswer().IsMatch(rest),
            IsShort = Word().Count(rest) < 4,
        };
    }

    /// <summary>A decimal number without needless zeros and thousands separators; unreadable ones stay as they are, equal to no record's.</summary>
    public static string Canonical(string number)
    {
        var text = Thousands().IsMatch(number) ? number.Replace(",", "", StringComparison.Ordinal) : number;
        if (text.Contains('.', StringComparison.Ordinal) && text.IndexOf('.') == text.LastIndexOf('.'))
        {
            text = text.TrimEnd('0').TrimEnd('.');
        }

        text = text.TrimStart('0');
        return text.Length == 0 || text[0] == '.' ? "0" + text : text;
    }

    private static (List<string> Units, List<string> Plain) Numbers(string withoutMarker, string whole)
    {
        // A list's number is no amount, unless a unit follows it.
        var text = UnitNumber().IsMatch(whole) ? whole : withoutMarker;
        var units = UnitNumber().Matches(text).Select(static match => Canonical(match.Groups["n"].Value)).ToList();
        var plain = Number().Matches(UnitNumber().Replace(text, " ")).Select(static match => Canonical(match.Value)).ToList();
        return (units, plain);
    }

    [GeneratedRegex(@"(?i)(?<![\w])(?:txn_\w*|mn_[\w-]*|0x[0-9a-f]+|(?:https?://|www\.)\S+|(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{16,}|[0-9a-f]{12,}|\d{16,}|[\w-]+…[\w-]*|[\w-]{4,}\.{3}[\w-]+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Literal();

    private const string Units = @"(?:t?nights?|t?dust|stars?|specks?|tokens?|coins?|usd[ct]?|eur|euros?|dollars?|ada|btc|eth)";

    [GeneratedRegex(@"(?i)(?:[$€£]\s*(?<n>\d+(?:[.,']\d+)*))|(?:(?<n>\d+(?:[.,']\d+)*)[.,]?\s*-?\s*(?:[$€£]|(?:\w+\s+)?" + Units + @"\b))", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UnitNumber();

    [GeneratedRegex(@"\d+(?:[.,']\d+)*", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A\s*\d{1,2}[.)]\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ListMarker();

    [GeneratedRegex(@"\A\d{1,3}(?:,\d{3})+(?:\.\d+)?\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Thousands();

    [GeneratedRegex(@"(?i)\b(?:" + Units + @"|balances?|funds?|wallets?|available|reserved|totals?|amounts?|transactions?|transfers?|payments?|money|hash(?:es)?|blocks?|fees?|costs?|prices?|worth|you (?:have|own|hold|got)|you've|i (?:have|own|hold|got)|i've|there (?:is|are)|in there|receipts?)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Money();

    [GeneratedRegex(@"(?i)\b(?:balances?|available|reserved|remaining|remains?|left|holds?|holding|own(?:s|ed)?|(?:you|i) have(?! (?:\w+ed|sent|paid|made|given|been|done|spent|withdrawn|not)\b)|you've got|i've got|contains?|total)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Balance();

    [GeneratedRegex(@"(?i)\b(?:fees?|costs?|charges?d?|prices?|worth)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fees();

    private const string NumberWords = @"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|quarter|double|twice|all|everything|several|some|most)";

    [GeneratedRegex(@"(?i)\b" + NumberWords + @"\b(?:[\s-]+\w+){0,2}[\s-]+" + Units + @"\b|\b(?:balance|total|available|reserved|amount|fee)s?\b(?:\W+\w+){0,4}?\W+" + NumberWords + @"\b|\d\s*(?:k|m|bn|hundred|thousand|million|billion|dozen|%|percent)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AmountInWords();

    [GeneratedRegex(@"(?i)\A\W*(?:yes|yeah|yep|yup|no|nope|correct|right|true|indeed|absolutely|affirmative|definitely|of course|certainly|sure|i (?:did|have|haven't|didn't)|it (?:did|has|is|was|went|hasn't|isn't|wasn't|didn't)|they (?:have|did|were|are)|already|not yet|that's right)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BareAnswer();

    [GeneratedRegex(@"[A-Za-z']+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();
}
