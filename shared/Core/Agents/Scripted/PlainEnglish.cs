using MidnightOS.Core.Agents.Tools.Address;
using MidnightOS.Core.Agents.Tools.Balance;
using MidnightOS.Core.Agents.Tools.Help;
using MidnightOS.Core.Agents.Tools.History;
using MidnightOS.Core.Agents.Tools.Status;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Agents.Scripted;

/// <summary>Plans a message in plain English. Pure: the same message after the same question gives the same plan.</summary>
internal sealed class PlainEnglish
{
    private static readonly string[] Conditions =
        ["if", "unless", "when", "whenever", "until", "once", "every", "daily", "weekly", "monthly", "tomorrow", "tonight", "later", "yesterday"];

    private static readonly Dictionary<string, int> SmallNumbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["one"] = 1, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8, ["nine"] = 9, ["ten"] = 10,
    };

    private readonly string _name;
    private readonly List<string> _openings = [];
    private readonly List<string> _closings = [];

    // Calls and payments in the order of the message; what becomes of a payment is decided at the end.
    private readonly List<object> _steps = [];
    private DraftSend? _pending;
    private SendSlot? _current;
    private bool _missed;

    private PlainEnglish(string name, DraftSend? pending) => (_name, _pending) = (name, pending);

    /// <summary>The plan.</summary>
    /// <param name="name">The bot's name.</param>
    /// <param name="message">What the user wrote.</param>
    /// <param name="pending">The payment that the last question was about; null when nothing was asked.</param>
    public static ScriptedPlan Plan(string name, string message, DraftSend? pending)
    {
        var reader = new PlainEnglish(name, pending);
        var segments = Segment.Split(message);
        foreach (var segment in segments)
        {
            reader.Read(segment);
        }

        return reader.Finish(segments.Any(static segment => segment.Has(Conditions)));
    }

    private void Read(Segment segment)
    {
        var intent = Intents.Of(segment);
        var names = MoneyParts.Read(segment).Addresses.Count > 0;
        if (intent == Intent.Send)
        {
            Begin(segment);
        }
        else if (intent is Intent.Unknown or Intent.Filler || (names && intent is Intent.Address or Intent.Balance))
        {
            ReadRest(segment, intent);
        }
        else
        {
            _current = null;
            ReadOther(segment, intent is Intent.BareCommand && _pending is not null && segment.Has("cancel") ? Intent.DoNot : intent);
        }
    }

    private void Begin(Segment segment)
    {
        var parts = MoneyParts.Read(segment);
        var goesOn = _pending is null ? null : _pending with
        {
            Amount = parts.Amounts.Count > 0 || parts.Vague ? null : _pending.Amount,
            To = parts.Addresses.Count > 0 ? null : _pending.To,
        };
        (_current, _pending) = (new SendSlot(goesOn), null);
        _current.Absorb(segment);
        _steps.Add(_current);
    }

    // Parts of a payment that go on from the segment before, or that answer the question that was asked.
    private void ReadRest(Segment segment, Intent intent)
    {
        var parts = MoneyParts.Read(segment);
        var (amount, address) = (parts.Amounts.Count > 0, parts.Addresses.Count > 0);
        if (_current is { IsComplete: false } open && parts.Any)
        {
            open.Absorb(segment);
        }
        else if (amount && address || (_current is null && _pending is not null && parts.Any))
        {
            Begin(segment);
        }
        else if (_current is not null && address)
        {
            _current.ShareWithAnotherAddress();
        }
        else if (_current is { IsInNote: true } && intent == Intent.Unknown)
        {
            _current.Extend(segment);
        }
        else
        {
            _missed |= intent == Intent.Unknown;
        }
    }

    private void ReadOther(Segment segment, Intent intent)
    {
        switch (intent)
        {
            case Intent.Greeting: _openings.Add(ScriptedLines.Hello(_name)); break;
            case Intent.Name: _openings.Add(ScriptedLines.Name(_name)); break;
            case Intent.WellBeing: _openings.Add(ScriptedLines.Well); break;
            case Intent.Thanks: _openings.Add(ScriptedLines.Welcome); break;
            case Intent.Goodbye: _closings.Add(ScriptedLines.Goodbye); break;
            case Intent.DoNot: Drop(); break;
            case Intent.Command: _closings.Add(ScriptedLines.CommandAlone); break;
            case Intent.Help: Call(HelpTool.Feature); break;
            case Intent.Balance: Call(BalanceTool.Feature); break;
            case Intent.Address: Call(AddressTool.Feature); break;
            case Intent.BareCommand: Call(HistoryTool.Feature, ("limit", 5)); _closings.Add(ScriptedLines.CommandAlone); break;
            case Intent.History: Call(HistoryTool.Feature, ("limit", Limit(segment) ?? 5)); break;
            case Intent.LastTransaction: Call(HistoryTool.Feature, ("limit", Limit(segment) ?? 1)); break;
            case Intent.Status: CallStatus(segment); break;
            default: throw new InvalidOperationException($"There is nothing to say to {intent}.");
        }
    }

    private void Drop()
    {
        _pending = null;
        _steps.RemoveAll(static step => step is SendSlot);
        _closings.Add(ScriptedLines.Dropped);
    }

    private void CallStatus(Segment segment)
    {
        foreach (var word in segment.Words.Where(static w => w.StartsWith(IdPrefix.Transaction, StringComparison.OrdinalIgnoreCase)))
        {
            Call(StatusTool.Feature, ("id", word));
        }
    }

    private void Call(string tool, params (string Name, object? Value)[] arguments)
    {
        var call = new PlannedCall(tool, arguments.ToDictionary(static a => a.Name, static a => a.Value, StringComparer.Ordinal));
        if (!_steps.Any(step => step is PlannedCall && step.ToString() == call.ToString()))
        {
            _steps.Add(call);
        }
    }

    private static int? Limit(Segment segment)
    {
        foreach (var word in segment.Words)
        {
            var number = int.TryParse(word, out var digits) ? digits : SmallNumbers.GetValueOrDefault(word);
            if (number > 0)
            {
                return Math.Min(number, HistoryTool.MaxLimit);
            }
        }

        return null;
    }

    private ScriptedPlan Finish(bool conditional)
    {
        var calls = new List<PlannedCall>();
        DraftSend? pending = null;
        foreach (var step in _steps)
        {
            var (call, question, draft) = step switch
            {
                PlannedCall planned => (planned, null, pending),
                SendSlot when conditional => (null, ScriptedLines.NoConditions, pending),
                SendSlot slot => slot.Finish(),
                _ => throw new InvalidOperationException("A step is a call or a payment."),
            };
            calls.AddRange(new[] { call }.OfType<PlannedCall>());
            _closings.AddRange(new[] { question }.OfType<string>());
            pending = draft ?? pending;
        }

        if (_openings.Count + calls.Count + _closings.Count == 0)
        {
            _closings.Add(ScriptedLines.NotUnderstood);
        }
        else if (_missed && !_closings.Contains(ScriptedLines.NoConditions))
        {
            _closings.Add(ScriptedLines.PartNotUnderstood);
        }

        return new ScriptedPlan(Distinct(_openings), calls, Distinct(_closings), pending);
    }

    private static List<string> Distinct(List<string> lines) => [.. lines.Distinct(StringComparer.Ordinal)];
}
