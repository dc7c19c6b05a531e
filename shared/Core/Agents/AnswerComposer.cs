namespace MidnightOS.Core.Agents;

/// <summary>Puts the pieces of an answer together: the model's text runs on, the host's receipts stand as paragraphs of their own.</summary>
/// <remarks>It hands out exactly the pieces whose concatenation is the answer, so that a stream and its result are the same text.</remarks>
internal sealed class AnswerComposer
{
    private const string ParagraphBreak = "\n\n";

    private string _space = "";
    private bool _afterBlock;

    /// <summary>Whether nothing was said yet.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The next piece of running text; empty when there is nothing to hand out yet.</summary>
    public string Run(string text)
    {
        var body = _space + text;
        if (IsEmpty || _afterBlock)
        {
            body = body.TrimStart();
        }

        var shown = body.TrimEnd();
        _space = body[shown.Length..];
        if (shown.Length == 0)
        {
            return "";
        }

        var piece = _afterBlock ? ParagraphBreak + shown : shown;
        (_afterBlock, IsEmpty) = (false, false);
        return piece;
    }

    /// <summary>A paragraph.</summary>
    public string Block(string text)
    {
        var piece = IsEmpty ? text.Trim() : ParagraphBreak + text.Trim();
        (_space, _afterBlock, IsEmpty) = ("", true, false);
        return piece;
    }
}
