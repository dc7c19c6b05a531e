namespace MidnightOS.Core.Agents.Guards;

/// <summary>Lets the model's text through sentence by sentence and withholds what this turn's records do not bear out.</summary>
/// <remarks>Works on streams: a sentence is held back until it is complete and checked. It errs on the side of withholding; the host's receipts carry the facts.</remarks>
internal sealed class MoneySentenceFilter
{
    private readonly SentenceBuffer _sentences = new();
    private readonly TurnFacts _facts;
    private readonly string? _name;
    private readonly bool _strict;
    private readonly bool _asksForState;
    private bool _afterMoney;

    /// <param name="facts">What the turn's tools have found so far; it grows while the filter works.</param>
    /// <param name="userMessage">The message that is answered: a bare "yes" says as much as the question did.</param>
    /// <param name="botName">The bot's name, which may hold a number without claiming anything.</param>
    public MoneySentenceFilter(TurnFacts facts, string userMessage, string botName = "")
    {
        _facts = facts;
        _name = IsHarmless(botName) ? botName : null;
        var asked = PlainText.Of(userMessage) is { } plain ? Claims.Read(plain) : null;
        _strict = asked?.IsAboutMoney ?? true;
        _asksForState = asked is null || asked.States.Count + asked.DeniedStates.Count + asked.Literals.Count > 0;
    }

    /// <summary>How many sentences were withheld.</summary>
    public int Withheld { get; private set; }

    /// <summary>Takes a piece of text in and gives what may be shown now.</summary>
    public string Push(string piece) => string.Concat(_sentences.Push(piece).Select(Check));

    /// <summary>The rest of the text, as far as it may be shown.</summary>
    public string Flush() => Check(_sentences.Flush());

    private string Check(string sentence)
    {
        if (string.IsNullOrWhiteSpace(sentence))
        {
            return sentence;
        }

        var unnamed = _name is null ? sentence : sentence.Replace(_name, "me", StringComparison.Ordinal);
        var claims = PlainText.Of(unnamed) is { } plain ? Claims.Read(plain) : null;
        var supported = claims is not null && IsSupported(claims);
        _afterMoney = claims is null || claims.IsAboutMoney;
        Withheld += supported ? 0 : 1;
        return supported ? sentence : "";
    }

    // A name that is short, or speaks of money itself, could hide a claim in its shadow.
    private static bool IsHarmless(string name) =>
        name.Count(char.IsLetter) >= 3 && PlainText.Of(name) is { } plain && Claims.Read(plain) is { IsAboutMoney: false, HasAmountInWords: false };

    private bool IsSupported(Claims claims)
    {
        if (claims.HasAmountInWords || (claims.IsBareAnswer && _asksForState))
        {
            return false;
        }

        var numbersCount = claims.IsAboutMoney || claims.IsShort || _afterMoney || _strict || _facts.Transactions.Count > 0;
        var plainNumbers = numbersCount ? claims.PlainNumbers : [];
        var check = new RecordCheck(_facts, claims, plainNumbers);
        return check.LiteralsAreKnown() && check.NumbersAreKnown() && check.RecordsMatch() && check.StatesAreBorneOut();
    }
}
