using System.Buffers;
using System.Globalization;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>The closed vocabulary of <see cref="LiteralSpendCheck"/>.</summary>
internal static class SpendWords
{
    private static readonly SearchValues<char> Quotes = SearchValues.Create("\"“”„«»‹›`‘");
    private static readonly HashSet<string> Verbs = Set("send transfer pay give move wire remit");
    private static readonly HashSet<string> Fillers = Set("me him her them my the a an address wallet friend recipient exactly just only total of -> →");
    private static readonly HashSet<string> Joiners = Set("then and & plus");
    private static readonly HashSet<string> Endings = Set("please now thanks thank you pls asap immediately today right away kindly");
    private static readonly HashSet<string> NoteStarts = Set("for note note: memo memo:");

    // "as a gift", "with the note rent"; but "as soon as he pays", "with his consent".
    private static readonly HashSet<string> NotesAfterAs = Set("a an my our the promised agreed discussed usual");
    private static readonly HashSet<string> NotesAfterWith = Set("note note: memo memo: message message: reference reference: the thanks love");

    private static readonly HashSet<string> Hedges = Set("""
        not no never nobody nothing without stop cancel ignore if unless when whenever until once before after suppose supposing imagine
        hypothetically would should could might may maybe perhaps did does was were had why whether instead case wonder pretend
        almost nearly someone somebody anyone dont don't cant can't cannot wont won't
        wait ask remind schedule scheduled plan planned draft prepare simulate propose suggest consider soon long provided providing assuming
        condition conditions conditional conditionally pending depending approval approve approves approved consent consents confirmation confirms
        later tomorrow tonight monday tuesday wednesday thursday friday saturday sunday hour hours minute minutes day days week weeks month months
        year years am pm o'clock noon daily weekly monthly every each
        """);

    // Such a message hands over a text of somebody else, or talks about a spend rather than ordering one.
    private static readonly HashSet<string> Doubts = Set("""
        translate translation summarize summarise summary explain following forwarded forward fwd fw quote quoted quotes pasted paste email
        e-mail mail letter says said say saying wrote writes written told tells tell asked asks story poem read repeat spell analyse analyze
        decode mean means meaning example ignore previous instructions instruction subject from: subject: system: assistant: user: prompt
        """);

    private static readonly string[][] Politeness =
    [
        ["i", "would", "like", "you", "to"], ["i'd", "like", "you", "to"], ["i", "would", "like", "to"], ["i", "want", "you", "to"],
        ["i", "need", "you", "to"], ["i'd", "like", "to"], ["i", "want", "to"], ["i", "need", "to"], ["after", "that"], ["go", "ahead"],
        ["can", "you"], ["could", "you"], ["would", "you"], ["will", "you"], ["can", "i"], ["please"], ["pls"], ["kindly"], ["hey"], ["hi"],
        ["hello"], ["ok"], ["okay"], ["now"], ["next"], ["first"], ["finally"], ["also"], ["just"], ["let's"], ["lets"], ["so"], ["bot"], ["yes"],
        ["afterwards"], ["great"], ["good"], ["thanks"],
    ];

    public static bool IsVerb(string word) => Verbs.Contains(word);

    public static bool Joins(string word) => Joiners.Contains(word.TrimEnd(','));

    public static bool IsTo(string word) => word.Equals("to", StringComparison.OrdinalIgnoreCase) || word is "->" or "→";

    /// <summary>Where the clause's first word after greetings and polite phrases is.</summary>
    public static int SkipPoliteness(string[] clause, int at = 0)
    {
        while (at < clause.Length)
        {
            var rest = clause.AsSpan(at);
            var length = clause[at].StartsWith('@') ? 1 : LengthOfPhrase(rest);
            if (length == 0)
            {
                return at;
            }

            at += length;
        }

        return at;
    }

    /// <summary>Where the next word that carries meaning is.</summary>
    public static int SkipFillers(string[] clause, int at)
    {
        while (at < clause.Length && Fillers.Contains(clause[at]) && !IsTo(clause[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>Whether nothing that changes the order stands behind it: the end, a thank you, or what it is for.</summary>
    public static bool EndsPlainly(string[] clause, int at)
    {
        while (at < clause.Length && Endings.Contains(clause[at]))
        {
            at++;
        }

        return at == clause.Length || (StartsNote(clause, at) && !clause.Skip(at).Any(IsMoney));
    }

    private static bool StartsNote(string[] clause, int at)
    {
        var next = at + 1 < clause.Length ? clause[at + 1] : "";
        return NoteStarts.Contains(clause[at])
            || (clause[at].Equals("as", StringComparison.OrdinalIgnoreCase) && NotesAfterAs.Contains(next))
            || (clause[at].Equals("with", StringComparison.OrdinalIgnoreCase) && NotesAfterWith.Contains(next));
    }

    /// <summary>Whether a clause is a greeting or the like, after which a comma begins the order itself.</summary>
    public static bool IsGreeting(string[] clause) => clause.Length > 0 && SkipPoliteness(clause) > 0;

    /// <summary>Whether a sentence is conditional, negated or a supposition; polite questions do not count.</summary>
    public static bool IsHedged(string[] words)
    {
        for (var at = 0; at < words.Length; at++)
        {
            at = SkipPoliteness(words, at);
            if (at < words.Length && IsHedge(words[at].Trim(',', '(', ')').Replace('’', '\'')))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsHedge(string word) => Hedges.Contains(word) || word.EndsWith("n't", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the message quotes, hands on a text, or holds characters that a reader does not see.</summary>
    public static bool CastsDoubt(string message) =>
        message.AsSpan().ContainsAny(Quotes) || message.Any(IsInvisible) || message.Split('\n').Any(static line => line.TrimStart().StartsWith('>'))
        || Words(message).Any(static word => Doubts.Contains(word) || Doubts.Contains(word.Trim(':', ',', '.', '!', '?', '(', ')'))
            || word.StartsWith('\'') || word.EndsWith('\''));

    private static bool IsInvisible(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static bool IsMoney(string word) => word.Any(char.IsAsciiDigit) || word.StartsWith("mn_", StringComparison.OrdinalIgnoreCase);

    private static int LengthOfPhrase(ReadOnlySpan<string> words)
    {
        foreach (var phrase in Politeness)
        {
            if (StartsWith(words, phrase))
            {
                return phrase.Length;
            }
        }

        return 0;
    }

    private static bool StartsWith(ReadOnlySpan<string> words, string[] phrase)
    {
        if (words.Length < phrase.Length)
        {
            return false;
        }

        for (var i = 0; i < phrase.Length; i++)
        {
            if (!words[i].TrimEnd(',').Replace('’', '\'').Equals(phrase[i], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static HashSet<string> Set(string words) => new(Words(words), StringComparer.OrdinalIgnoreCase);
}
