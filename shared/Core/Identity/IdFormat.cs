using System.Buffers;

namespace MidnightOS.Core.Identity;

/// <summary>Tells whether a text that a client or a model wrote can be an id at all, before it becomes part of a document's name.</summary>
internal static class IdFormat
{
    private const int RandomLength = 26;
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("0123456789ABCDEFGHJKMNPQRSTVWXYZ");

    /// <summary>Whether the text is the prefix and 26 characters of Crockford base 32 in upper case.</summary>
    public static bool Is(string prefix, string? text) =>
        text is not null && text.Length == prefix.Length + RandomLength && text.StartsWith(prefix, StringComparison.Ordinal)
        && !text.AsSpan(prefix.Length).ContainsAnyExcept(Alphabet);

    /// <summary>The id that a text means when only the case of its letters is off; null when it is none.</summary>
    public static string? Normalize(string prefix, string text)
    {
        if (text.Length != prefix.Length + RandomLength || !text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var id = prefix + text[prefix.Length..].ToUpperInvariant();
        return Is(prefix, id) ? id : null;
    }
}
