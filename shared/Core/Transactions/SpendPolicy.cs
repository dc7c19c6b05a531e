using MidnightOS.Core.Bots;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Transactions;

/// <summary>What a bot's configuration says to a spend. Pure: the same for HTTP, chat, webhooks and flows, and outside the language model.</summary>
public static class SpendPolicy
{
    /// <summary>Judges a spend of NIGHT.</summary>
    /// <param name="config">The bot's configuration.</param>
    /// <param name="amount">What is to be spent, atomic units.</param>
    /// <param name="recipient">Who is to be paid, Bech32m in lower case.</param>
    /// <param name="spentToday">What was spent or reserved on this day (UTC), atomic units.</param>
    /// <returns>What must happen before it is signed, or <c>POLICY_DENIED</c>.</returns>
    public static Result<PolicyVerdict> Judge(BotConfig config, Amount amount, string recipient, Amount spentToday)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Capabilities?.Permissions is { } permissions && !permissions.Contains(BotFeatures.Spend, StringComparer.Ordinal))
        {
            return Denied("permissions", "This bot has no permission to spend.");
        }

        if (config.Security?.BlockedRecipients is { } blocked && blocked.Contains(recipient, StringComparer.OrdinalIgnoreCase))
        {
            return Denied("to", "This bot's policy blocks that recipient.");
        }

        if (config.Security?.AllowedRecipients is { } allowed && !allowed.Contains(recipient, StringComparer.OrdinalIgnoreCase))
        {
            return Denied("to", "This bot's policy allows payments to listed recipients only.");
        }

        var limits = Limits.Of(config);
        if (amount > limits.PerTransaction)
        {
            return Denied("amount", $"This bot spends at most {Token.Night.Format(limits.PerTransaction.Value)} NIGHT at once.");
        }

        return spentToday + amount > limits.PerDay
            ? Denied("amount", $"This bot spends at most {Token.Night.Format(limits.PerDay.Value)} NIGHT a day; {Token.Night.Format(spentToday)} NIGHT are spent today.")
            : new PolicyVerdict(amount > limits.ConfirmAbove, amount > limits.ApproveAbove);
    }

    private static Error Denied(string field, string message) =>
        new(ErrorCodes.PolicyDenied, message, new Dictionary<string, string>(StringComparer.Ordinal) { [field] = message });

    // Comparisons with an absent limit are false: no limit.
    private sealed record Limits(Amount? PerTransaction, Amount? PerDay, Amount? ConfirmAbove, Amount? ApproveAbove)
    {
        public static Limits Of(BotConfig config)
        {
            var own = config.Capabilities?.Limits;
            var treasury = config.Treasury?.Limits;
            return new Limits(
                Lower(own?.PerTransaction, treasury?.PerTransaction), Lower(own?.PerDay, treasury?.PerDay),
                Lower(own?.ConfirmAbove, treasury?.ConfirmAbove), Lower(own?.ApproveAbove, treasury?.ApproveAbove));
        }

        private static Amount? Lower(string? a, string? b) => (Parse(a), Parse(b)) switch
        {
            ({ } x, { } y) => x < y ? x : y,
            var (x, y) => x ?? y,
        };

        // The fields were checked when the bot was stored; a limit that cannot be read must not become no limit.
        private static Amount? Parse(string? text) => text is null ? null
            : Token.Night.TryParse(text, out var amount, out var problem) ? amount
            : throw new InvalidOperationException($"A stored limit is not an amount: {problem}");
    }
}

/// <summary>What must happen before a spend is signed.</summary>
/// <param name="NeedsConfirmation">The user confirms it.</param>
/// <param name="NeedsApproval">The treasury's signers approve it.</param>
public sealed record PolicyVerdict(bool NeedsConfirmation, bool NeedsApproval);
