namespace MidnightOS.Core.Agents.Scripted;

/// <summary>A piece of a message between joining words and punctuation.</summary>
/// <param name="Words">Its words as they were written, without the punctuation around them.</param>
internal sealed record Segment(IReadOnlyList<string> Words)
{
    private const string Opening = "([{\"'`“‘<*";
    private const string Closing = ".,!?;:)]}\"'`”’>*…";

    private static readonly HashSet<string> Joiners = new(["then", "and", "&", "also", "plus", "afterwards"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The words in lower case with one space between them and around.</summary>
    public string Text { get; } = " " + string.Join(' ', Words.Select(static word => word.ToLowerInvariant().Replace('’', '\''))) + " ";

    /// <summary>Whether one of the phrases stands in it, word by word.</summary>
    public bool Has(params ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            if (Text.Contains($" {phrase} ", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The segments of a message, in order.</summary>
    public static IReadOnlyList<Segment> Split(string message)
    {
        var segments = new List<Segment>();
        var words = new List<string>();
        foreach (var line in message.Split(['\n', '\r']))
        {
            foreach (var raw in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                var word = raw.TrimStart(Opening.ToCharArray()).TrimEnd(Closing.ToCharArray());
                if (Joiners.Contains(word))
                {
                    Close();
                    continue;
                }

                if (word.Length > 0)
                {
                    words.Add(word);
                }

                if (raw.TrimEnd(')', ']', '"', '\'') is [.., '.' or ',' or '!' or '?' or ';'])
                {
                    Close();
                }
            }

            Close();
        }

        return segments;

        void Close()
        {
            if (words.Count > 0)
            {
                segments.Add(new Segment([.. words]));
                words.Clear();
            }
        }
    }
}
