using System.Collections.Frozen;

namespace MidnightOS.Core.Accounts;

/// <summary>The passwords that attackers try first, as a list of words and the ways people make ten characters of them.</summary>
/// <remarks>The words and rules are this project's own compilation: each word stands for the thousands of its spellings and endings.</remarks>
internal static class WellKnownPasswords
{
    /// <summary>A longer ending is not one that everybody adds.</summary>
    private const int LongestEnding = 5;

    private static readonly char[] Signs = [.. "!@#$%^&*()?+=~"];

    private static readonly char[] Affixes = [.. "0123456789", .. Signs];

    private static readonly FrozenSet<string> Words = Load();

    private static readonly string[] Runs =
    [
        "01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "1qaz2wsx3edc4rfv5tgb",
        "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "a1b2c3d4e5f6g7h8i9",
    ];

    /// <summary>Whether the password is one of them.</summary>
    public static bool Contains(string password)
    {
        var lower = password.Trim().ToLowerInvariant();
        var letters = string.Concat(lower.Where(static c => c is not (' ' or '-' or '_' or '.')));
        return IsRepeated(lower) || IsRuns(letters) || IsWord(letters);
    }

    /// <summary>A word, or a word twice, with what everybody puts before and behind it.</summary>
    private static bool IsWord(string text)
    {
        var end = text.TrimEnd(Affixes).Length;
        var start = Math.Min(end, text.Length - text.TrimStart(Affixes).Length);
        return IsKnown(text)
            || (IsCommonEnding(text[end..]) && (IsKnown(text[..end]) || (IsCommonEnding(text[..start]) && IsKnown(text[start..end]))));
    }

    private static bool IsKnown(string core) => IsOnceOrTwice(core) || IsOnceOrTwice(Unleet(core));

    private static bool IsOnceOrTwice(string core) =>
        Words.Contains(core) || (core.Length % 2 == 0 && core[..(core.Length / 2)] == core[(core.Length / 2)..] && Words.Contains(core[..(core.Length / 2)]));

    private static bool IsCommonEnding(string ending) => ending.Length <= LongestEnding || IsRuns(ending.TrimEnd(Signs)) || IsRepeated(ending);

    /// <summary>The same one to four characters over and over.</summary>
    private static bool IsRepeated(string text) =>
        Enumerable.Range(1, 4).Any(size => text.Length >= 2 * size && !text.Where((c, i) => i >= size && c != text[i - size]).Any());

    /// <summary>Nothing but runs of four or more along the alphabet, the digits or the keyboard, in either direction.</summary>
    private static bool IsRuns(string text)
    {
        const int shortest = 4;
        var at = 0;
        while (at < text.Length)
        {
            var length = LongestRun(text.AsSpan(at));
            if (length < Math.Min(shortest, text.Length - at))
            {
                return false;
            }

            at += length;
        }

        return text.Length > 0;
    }

    private static int LongestRun(ReadOnlySpan<char> text)
    {
        for (var length = text.Length; length > 0; length--)
        {
            var part = text[..length].ToString();
            var back = string.Concat(part.Reverse());
            if (Runs.Any(run => run.Contains(part, StringComparison.Ordinal) || run.Contains(back, StringComparison.Ordinal)))
            {
                return length;
            }
        }

        return 0;
    }

    private static string Unleet(string text) => string.Concat(text.Select(static c => c switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => c,
    }));

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(WellKnownPasswords).Assembly.GetManifestResourceStream("well-known-passwords.txt")
            ?? throw new InvalidOperationException("The list of well-known passwords is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
