using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Agents.Commands;

/// <summary>A decision on a transaction that the user typed: <c>confirm txn_…</c> or <c>cancel txn_…</c>.</summary>
/// <param name="Confirms">Whether it confirms; otherwise it cancels.</param>
/// <param name="TransactionId">The transaction; as typed when it is no id.</param>
internal sealed record HostCommand(bool Confirms, string TransactionId)
{
    private const int Most = 8;

    private static readonly HashSet<string> Around = new(
        ["please", "yes", "ok", "okay", "and", "then", "also", "now", "thanks", "transaction", "the", "&"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The name that the call of this command has in answers.</summary>
    public string Name => Confirms ? "confirm" : "cancel";

    /// <summary>The commands of a message that holds nothing else; empty when there is anything else in it.</summary>
    /// <remarks>A command inside other words is none: "do not confirm txn_…" and quoted text must not decide.</remarks>
    public static IReadOnlyList<HostCommand> Parse(string message)
    {
        var commands = new List<HostCommand>();
        bool? confirms = null;
        foreach (var raw in message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var word = raw.Trim('`').TrimEnd('.', ',', ';', '!').Trim('`');
            if (confirms is { } decision && word.StartsWith(IdPrefix.Transaction, StringComparison.OrdinalIgnoreCase))
            {
                commands.Add(new HostCommand(decision, IdFormat.Normalize(IdPrefix.Transaction, word) ?? word));
                confirms = null;
            }
            else if (confirms is null && Verb(word) is { } verb)
            {
                confirms = verb;
            }
            else if (word.Length > 0 && !Around.Contains(word))
            {
                return [];
            }
        }

        return confirms is null && commands.Count <= Most ? commands : [];
    }

    private static bool? Verb(string word) =>
        word.Equals("confirm", StringComparison.OrdinalIgnoreCase) ? true : word.Equals("cancel", StringComparison.OrdinalIgnoreCase) ? false : null;
}
