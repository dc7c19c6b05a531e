using System.Text.RegularExpressions;

namespace MidnightOS.Core.Bots;

/// <summary>The name of a language model, as providers write them: <c>gpt-4o</c>, <c>meta-llama/Llama-3.1-8B-Instruct:free</c>.</summary>
public static partial class BotModelName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>Letters, digits and <c>. _ - : / @ +</c>; a letter or digit first.</summary>
    public const string Pattern = "^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$";

    /// <summary>What is wrong with a name that does not fit: a sentence without its subject.</summary>
    public const string Rule = "must be the name of a model: letters, digits and . _ - : / @ +, beginning with a letter or digit";

    /// <summary>Whether a text is such a name.</summary>
    public static bool Is(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= MaxLength && !text.EndsWith('\n') && Form().IsMatch(text);
    }

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
