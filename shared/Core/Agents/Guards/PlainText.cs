using System.Globalization;
using System.Text;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>Brings text into the form in which claims are looked for: what a reader sees, in ASCII where there is a twin.</summary>
/// <remarks>Done by hand because the platform runs without ICU data (invariant globalization), where Unicode normalization does nothing.</remarks>
internal static class PlainText
{
    /// <summary>The plain form; null when the text disguises itself: letters of two scripts in one word, or letters that only look like others.</summary>
    public static string? Of(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsDisguise(rune))
            {
                return null;
            }

            Append(plain, rune);
        }

        return MixesScripts(plain) ? null : Unmark(plain);
    }

    private static void Append(StringBuilder plain, Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            return;
        }

        if (category == UnicodeCategory.DecimalDigitNumber)
        {
            plain.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
        }
        else if (rune.Value is >= 0xFF01 and <= 0xFF5E)
        {
            plain.Append((char)(rune.Value - 0xFEE0));
        }
        else if (Rune.IsWhiteSpace(rune))
        {
            plain.Append(' ');
        }
        else
        {
            plain.Append(rune.Value is 0x2019 or 0x2018 ? "'" : rune.ToString());
        }
    }

    // Mathematical and enclosed alphanumerics, number forms: they spell words and amounts that no pattern sees.
    private static bool IsDisguise(Rune rune) =>
        (rune.Value > 0xFFFF && Rune.IsLetter(rune) && rune.Value is >= 0x1D400 and <= 0x1D7FF)
        || rune.Value is (>= 0x2460 and <= 0x24FF) or (>= 0x2150 and <= 0x218F) or (>= 0x1F100 and <= 0x1F1FF) or (>= 0x2070 and <= 0x209F)
        || rune.Value is 0xB2 or 0xB3 or 0xB9 or (>= 0xBC and <= 0xBE);

    private static bool MixesScripts(StringBuilder text)
    {
        bool latin = false, other = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!char.IsLetter(c))
            {
                (latin, other) = (false, false);
                continue;
            }

            latin |= char.IsAsciiLetter(c);
            other |= c is >= '\u0370' and <= '\u058F';
            if (latin && other)
            {
                return true;
            }
        }

        return false;
    }

    // Marks of emphasis go; an underscore inside a word stays, ids and addresses have it.
    private static string Unmark(StringBuilder text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var inWord = i > 0 && i + 1 < text.Length && char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[i + 1]);
            if (text[i] is not ('*' or '`' or '~') && (text[i] != '_' || inWord))
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }
}
