using System.Text;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>Cuts streamed text into sentences; where the stream was cut into pieces makes no difference.</summary>
/// <remarks>A sentence ends at a line break, or at <c>. ! ? …</c> with closing marks when white space follows. A dot between digits ends nothing.</remarks>
internal sealed class SentenceBuffer
{
    private readonly StringBuilder _open = new();
    private bool _ended;

    /// <summary>Takes a piece in and gives the sentences that it completes, with the white space behind them.</summary>
    public IEnumerable<string> Push(string piece)
    {
        foreach (var c in piece)
        {
            if (_ended && !char.IsWhiteSpace(c))
            {
                yield return Take();
            }

            _open.Append(c);
            _ended = _ended || c == '\n' || (char.IsWhiteSpace(c) && EndsSentence());
        }
    }

    /// <summary>The rest, complete or not; empty when there is none.</summary>
    public string Flush() => Take();

    private string Take()
    {
        var sentence = _open.ToString();
        _open.Clear();
        _ended = false;
        return sentence;
    }

    // The last character is white space; closing marks may stand between it and the terminator. A list marker (1.) is no sentence.
    private bool EndsSentence()
    {
        var at = _open.Length - 2;
        while (at >= 0 && _open[at] is ')' or ']' or '"' or '\'' or '”' or '’' or '*' or '_' or '`')
        {
            at--;
        }

        return at >= 0 && _open[at] is '.' or '!' or '?' or '…' && !IsListMarker(at);
    }

    private bool IsListMarker(int dot)
    {
        var text = _open.ToString(0, dot).TrimStart();
        return text.Length is 1 or 2 && text.All(char.IsAsciiDigit);
    }
}
