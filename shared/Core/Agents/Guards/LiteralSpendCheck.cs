using MidnightOS.Core.Money;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>Finds the spends that a message orders in plain, literal words: verb, amount with its token, and address in one clause.</summary>
/// <remarks>
/// Everything that this does not recognise waits for a confirmation, so it errs on that side: a clause that starts otherwise, a
/// condition, a negation, quoted or forwarded text, an invisible character, an amount inside another number: no licence.
/// </remarks>
internal static class LiteralSpendCheck
{
    // Longer texts are pasted, not typed.
    private const int MaxLength = 1000;

    /// <summary>The spends in the order of the message.</summary>
    public static IReadOnlyList<LiteralSpend> Read(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Length > MaxLength || SpendWords.CastsDoubt(message) ? [] : [.. Sentences(message).SelectMany(ReadSentence)];
    }

    private static IEnumerable<LiteralSpend> ReadSentence(string[] words)
    {
        if (SpendWords.IsHedged(words))
        {
            yield break;
        }

        var (afterSpend, mayStart) = (false, true);
        foreach (var (clause, endsInComma) in Clauses(words))
        {
            var spend = mayStart ? ReadClause(clause, afterSpend) : null;
            afterSpend = spend is not null;

            // What a comma alone parts from the order may be its condition: "at five, send…", "he agreeing, send…".
            mayStart = !endsInComma || afterSpend || SpendWords.IsGreeting(clause);
            if (spend is not null)
            {
                yield return spend;
            }
        }
    }

    private static IEnumerable<string[]> Sentences(string message)
    {
        foreach (var line in message.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            var sentence = new List<string>();
            foreach (var word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                sentence.Add(word.TrimEnd('.', '!', '?', ';'));
                if (word[^1] is '.' or '!' or '?' or ';')
                {
                    yield return [.. sentence];
                    sentence.Clear();
                }
            }

            yield return [.. sentence];
        }
    }

    private static IEnumerable<(string[] Words, bool EndsInComma)> Clauses(string[] words)
    {
        var clause = new List<string>();
        foreach (var word in words)
        {
            if (SpendWords.Joins(word))
            {
                yield return ([.. clause], false);
                clause.Clear();
                continue;
            }

            clause.Add(word.TrimEnd(','));
            if (word.EndsWith(','))
            {
                yield return ([.. clause], true);
                clause.Clear();
            }
        }

        yield return ([.. clause], false);
    }

    private static LiteralSpend? ReadClause(string[] clause, bool afterSpend)
    {
        var at = SpendWords.SkipPoliteness(clause);
        if (at < clause.Length && SpendWords.IsVerb(clause[at]))
        {
            at++;
        }
        else if (!afterSpend)
        {
            return null;
        }

        return AmountFirst(clause, at) ?? AddressFirst(clause, at);
    }

    private static LiteralSpend? AmountFirst(string[] clause, int at)
    {
        at = SpendWords.SkipFillers(clause, at);
        if (!TryAmount(clause, ref at, out var token, out var amount))
        {
            return null;
        }

        at = SpendWords.SkipFillers(clause, at);
        if (at >= clause.Length || !SpendWords.IsTo(clause[at]))
        {
            return null;
        }

        at = SpendWords.SkipFillers(clause, at + 1);
        return TryAddress(clause, ref at, out var to) && SpendWords.EndsPlainly(clause, at) ? new LiteralSpend(to, token, amount) : null;
    }

    private static LiteralSpend? AddressFirst(string[] clause, int at)
    {
        at = SpendWords.SkipFillers(clause, at);
        at = at < clause.Length && SpendWords.IsTo(clause[at]) ? SpendWords.SkipFillers(clause, at + 1) : at;
        if (!TryAddress(clause, ref at, out var to))
        {
            return null;
        }

        at = SpendWords.SkipFillers(clause, at);
        return TryAmount(clause, ref at, out var token, out var amount) && SpendWords.EndsPlainly(clause, at)
            ? new LiteralSpend(to, token, amount)
            : null;
    }

    private static bool TryAddress(string[] clause, ref int at, out string address)
    {
        address = at < clause.Length ? clause[at] : "";
        if (!MoneyText.IsAddress(address))
        {
            return false;
        }

        at++;
        return true;
    }

    private static bool TryAmount(string[] clause, ref int at, out Token token, out Amount amount)
    {
        token = Token.Night;
        amount = default;
        if (at >= clause.Length)
        {
            return false;
        }

        var (number, symbol) = MoneyText.SplitUnit(clause[at]);
        var next = at + 1;
        if (symbol.Length == 0 && next < clause.Length)
        {
            symbol = clause[next++];
        }

        if (Token.Find(symbol) is not { } found || !found.TryParse(number, out amount, out _))
        {
            return false;
        }

        (token, at) = (found, next);
        return true;
    }
}
