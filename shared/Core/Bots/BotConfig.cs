using System.Text.Json;

namespace MidnightOS.Core.Bots;

/// <summary>A bot's configuration. Every part may be absent; <see cref="BotDefaults"/> fills the gaps by the bot's type.</summary>
public sealed record BotConfig
{
    /// <summary>How it speaks.</summary>
    public BotPersonality? Personality { get; init; }

    /// <summary>What it can do and how much it may spend.</summary>
    public BotCapabilities? Capabilities { get; init; }

    /// <summary>Settings of chat networks and other services, by name; opaque here, without secrets.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Integrations { get; init; }

    /// <summary>Who signs for the treasury and by what rules.</summary>
    public BotTreasury? Treasury { get; init; }

    /// <summary>Who may be paid.</summary>
    public BotSecurity? Security { get; init; }
}

/// <summary>How a bot speaks.</summary>
/// <param name="Tone">A word or two: "friendly".</param>
/// <param name="Instructions">What it should keep in mind; never a rule about money, those are limits.</param>
/// <param name="Language">BCP 47 tag of the language it answers in.</param>
public sealed record BotPersonality(string? Tone = null, string? Instructions = null, string? Language = null);

/// <summary>What a bot can do.</summary>
/// <param name="Features">The tools that its agent has: <c>balance</c>, <c>address</c>, <c>send</c>, <c>history</c>, <c>status</c>, <c>help</c>; null = all.</param>
/// <param name="Permissions">What it is allowed: <c>spend</c>, <c>call</c> (contracts); null = all.</param>
/// <param name="Limits">How much it may spend; null = no limit.</param>
public sealed record BotCapabilities(
    IReadOnlyList<string>? Features = null, IReadOnlyList<string>? Permissions = null, SpendLimits? Limits = null);

/// <summary>Limits of spends, amounts in NIGHT as decimal strings. They hold for every way to spend, outside the language model.</summary>
/// <param name="PerTransaction">The largest spend.</param>
/// <param name="PerDay">The largest sum of spends in a day (UTC).</param>
/// <param name="ConfirmAbove">Spends above it wait for the user's confirmation.</param>
/// <param name="ApproveAbove">Spends above it wait for the approval of the treasury's signers.</param>
public sealed record SpendLimits(string? PerTransaction = null, string? PerDay = null, string? ConfirmAbove = null, string? ApproveAbove = null);

/// <summary>A bot's treasury.</summary>
/// <param name="Signers">User ids that may approve.</param>
/// <param name="Threshold">How many of them must.</param>
/// <param name="Limits">Limits of the treasury; where both set one, the lower holds.</param>
public sealed record BotTreasury(IReadOnlyList<string>? Signers = null, int? Threshold = null, SpendLimits? Limits = null);

/// <summary>Who may be paid.</summary>
/// <param name="AllowedRecipients">Bech32m addresses; null = anyone.</param>
/// <param name="BlockedRecipients">Bech32m addresses that are never paid.</param>
public sealed record BotSecurity(IReadOnlyList<string>? AllowedRecipients = null, IReadOnlyList<string>? BlockedRecipients = null);

/// <summary>The names that a configuration may use.</summary>
public static class BotFeatures
{
    /// <summary>Features of <see cref="BotCapabilities"/>.</summary>
    public static IReadOnlyList<string> All { get; } = ["balance", "address", "send", "history", "status", "help"];

    /// <summary>The permission to spend.</summary>
    public const string Spend = "spend";

    /// <summary>The permission to call contracts.</summary>
    public const string Call = "call";

    /// <summary>Permissions of <see cref="BotCapabilities"/>.</summary>
    public static IReadOnlyList<string> Permissions { get; } = [Spend, Call];
}

/// <summary>The defaults of a configuration, by the bot's type.</summary>
internal static class BotDefaults
{
    private static readonly string[] ReadOnlyFeatures = ["balance", "address", "history", "status", "help"];

    /// <summary>The configuration with every part that decides what the bot may do filled in.</summary>
    public static BotConfig Resolve(BotType type, BotConfig config)
    {
        var given = config.Capabilities ?? new BotCapabilities();
        var capabilities = given with
        {
            Features = given.Features ?? (type == BotType.Governance ? ReadOnlyFeatures : BotFeatures.All),
            Permissions = given.Permissions ?? (type == BotType.Governance ? [] : BotFeatures.Permissions),
            Limits = given.Limits ?? new SpendLimits(),
        };
        return config with
        {
            Personality = config.Personality ?? new BotPersonality(),
            Capabilities = capabilities,
            Security = config.Security ?? new BotSecurity(),
        };
    }
}
