namespace MidnightOS.Core.Agents.Scripted;

/// <summary>A payment while its message is read.</summary>
internal sealed class SendSlot(DraftSend? pending)
{
    private static readonly HashSet<string> NoteStarts =
        new(["for", "note", "note:", "memo", "memo:", "because", "as", "with", "regarding", "re"], StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _amounts = [.. new[] { pending?.Amount }.OfType<string>()];
    private readonly List<string> _addresses = [.. new[] { pending?.To }.OfType<string>()];
    private string? _token = pending?.Token;
    private string? _note = pending?.Note;
    private bool _vague;
    private bool _shared;

    /// <summary>Whether nothing is missing.</summary>
    public bool IsComplete => _amounts.Count > 0 && _addresses.Count > 0 && _token is not null;

    /// <summary>Whether its note may go on with the next words.</summary>
    public bool IsInNote => _note is not null;

    /// <summary>Takes the parts of a segment in.</summary>
    public void Absorb(Segment segment)
    {
        var words = segment.Words;
        var address = words.ToList().FindIndex(static word => word.StartsWith("mn_", StringComparison.OrdinalIgnoreCase));
        if (address >= 0 && address + 2 < words.Count && NoteStarts.Contains(words[address + 1]))
        {
            _note = string.Join(' ', words.Skip(address + 2));
            segment = new Segment([.. words.Take(address + 1)]);
        }

        var parts = MoneyParts.Read(segment);
        _amounts.AddRange(parts.Amounts);
        _addresses.AddRange(parts.Addresses);
        _token ??= parts.Token;
        _vague |= parts.Vague;
    }

    /// <summary>Another address stands beside it without an amount of its own.</summary>
    public void ShareWithAnotherAddress() => _shared = true;

    /// <summary>Adds words to the note.</summary>
    public void Extend(Segment segment) => _note = $"{_note}, {string.Join(' ', segment.Words)}";

    /// <summary>The call when all is clear; otherwise what to ask, and what the next message may complete.</summary>
    public (PlannedCall? Call, string? Question, DraftSend? Pending) Finish()
    {
        if (_shared || _addresses.Count > 1)
        {
            return (null, ScriptedLines.AskEachAmount, null);
        }

        var note = _note is { Length: > 200 } ? _note[..200] : _note;
        var exact = !_vague && _amounts.Count == 1;
        var draft = new DraftSend(exact ? _amounts[0] : null, _token, _addresses.FirstOrDefault(), note);
        return _vague || _amounts.Count > 1 ? (null, ScriptedLines.AskExactAmount, draft)
            : draft.Question is { } question ? (null, question, draft)
            : (draft.ToCall(), null, null);
    }
}
