using MidnightOS.Core.Documents;

namespace MidnightOS.Core.Bots;

/// <summary>A bot: an agent with one wallet.</summary>
public sealed record Bot
{
    internal const string Kind = "bot";

    /// <summary><c>bot_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The user who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>At most 1,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>What it is for; it decides the defaults of its configuration.</summary>
    public required BotType Type { get; init; }

    /// <summary>Its state.</summary>
    public required BotStatus Status { get; init; }

    /// <summary>Why it is in that state, as a sentence; null when there is nothing to say.</summary>
    public string? StatusReason { get; init; }

    /// <summary>The language model; null = the platform's default.</summary>
    public string? Model { get; init; }

    /// <summary>Personality, capabilities, integrations, treasury and security.</summary>
    public BotConfig Config { get; init; } = new();

    /// <summary>The unshielded address of its wallet (Bech32m); null until the wallet is made.</summary>
    public string? WalletAddress { get; init; }

    /// <summary>The operation that creates or deletes it, or did last.</summary>
    public required string OperationId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where a bot is stored.</summary>
    public static DocumentKey Key(string id) => new(Kind, id);
}

/// <summary>What a bot is for.</summary>
public enum BotType
{
    /// <summary>Chat and payments.</summary>
    General,

    /// <summary>Holds a treasury; spends above a limit ask for approval.</summary>
    Treasury,

    /// <summary>Governance.</summary>
    Governance,

    /// <summary>Decentralised finance.</summary>
    Defi,

    /// <summary>Configured by its owner throughout.</summary>
    Custom,
}
