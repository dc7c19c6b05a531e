using System.Text.Json;
using MidnightOS.Api.Requests;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Operations;

namespace MidnightOS.Api.Bots;

internal sealed record CreateBotBody
{
    /// <summary>1 to 100 characters.</summary>
    [Text(100)]
    public required string Name { get; init; }

    /// <summary>At most 1,000 characters.</summary>
    [Text(1000, MayBeBlank = true)]
    public string? Description { get; init; }

    /// <summary>What it is for.</summary>
    public required BotType Type { get; init; }

    /// <summary>The language model; without one, the platform's default.</summary>
    [Text(100)]
    public string? Model { get; init; }

    /// <summary>How it speaks.</summary>
    public BotPersonality? Personality { get; init; }

    /// <summary>What it can do and how much it may spend.</summary>
    public BotCapabilities? Capabilities { get; init; }

    /// <summary>Settings of chat networks and other services, by name.</summary>
    public Dictionary<string, JsonElement>? Integrations { get; init; }

    /// <summary>Who signs for the treasury and by what rules.</summary>
    public BotTreasury? Treasury { get; init; }

    /// <summary>Who may be paid.</summary>
    public BotSecurity? Security { get; init; }

    public BotConfig ToConfig() => new()
    {
        Personality = Personality,
        Capabilities = Capabilities,
        Integrations = Integrations,
        Treasury = Treasury,
        Security = Security,
    };
}

internal sealed record ReplaceBotBody
{
    /// <summary>1 to 100 characters.</summary>
    [Text(100)]
    public required string Name { get; init; }

    /// <summary>At most 1,000 characters; without it the bot has none.</summary>
    [Text(1000, MayBeBlank = true)]
    public string? Description { get; init; }

    /// <summary>The language model; without one, the platform's default.</summary>
    [Text(100)]
    public string? Model { get; init; }

    /// <summary>How it speaks; without it, the default.</summary>
    public BotPersonality? Personality { get; init; }

    /// <summary>What it can do and how much it may spend; without it, the default of its type.</summary>
    public BotCapabilities? Capabilities { get; init; }

    /// <summary>Settings of chat networks and other services, by name.</summary>
    public Dictionary<string, JsonElement>? Integrations { get; init; }

    /// <summary>Who signs for the treasury and by what rules.</summary>
    public BotTreasury? Treasury { get; init; }

    /// <summary>Who may be paid; without it, anyone.</summary>
    public BotSecurity? Security { get; init; }

    public Bot Apply(Bot bot) => bot with
    {
        Name = Name,
        Description = Description,
        Model = Model,
        Config = new BotConfig
        {
            Personality = Personality,
            Capabilities = Capabilities,
            Integrations = Integrations,
            Treasury = Treasury,
            Security = Security,
        },
    };
}

internal sealed record PatchBotBody
{
    /// <summary>The new name; without it, the name stays.</summary>
    [Text(100)]
    public string? Name { get; init; }

    /// <summary>The new description; without it, the description stays.</summary>
    [Text(1000, MayBeBlank = true)]
    public string? Description { get; init; }

    /// <summary>The new language model; without it, the model stays.</summary>
    [Text(100)]
    public string? Model { get; init; }

    /// <summary>The new personality as a whole; without it, the old one stays.</summary>
    public BotPersonality? Personality { get; init; }

    /// <summary>The new capabilities as a whole; without them, the old ones stay.</summary>
    public BotCapabilities? Capabilities { get; init; }

    /// <summary>The new integrations as a whole; without them, the old ones stay.</summary>
    public Dictionary<string, JsonElement>? Integrations { get; init; }

    /// <summary>The new treasury as a whole; without it, the old one stays.</summary>
    public BotTreasury? Treasury { get; init; }

    /// <summary>The new rules of recipients as a whole; without them, the old ones stay.</summary>
    public BotSecurity? Security { get; init; }

    public Bot Apply(Bot bot) => bot with
    {
        Name = Name ?? bot.Name,
        Description = Description ?? bot.Description,
        Model = Model ?? bot.Model,
        Config = new BotConfig
        {
            Personality = Personality ?? bot.Config.Personality,
            Capabilities = Capabilities ?? bot.Config.Capabilities,
            Integrations = Integrations ?? bot.Config.Integrations,
            Treasury = Treasury ?? bot.Config.Treasury,
            Security = Security ?? bot.Config.Security,
        },
    };
}

/// <summary>A bot.</summary>
internal sealed record BotResponse(
    string Id, string Name, string? Description, BotType Type, BotStatus Status, string? StatusReason, string? Model, string? WalletAddress,
    BotPersonality? Personality, BotCapabilities? Capabilities, IReadOnlyDictionary<string, JsonElement>? Integrations, BotTreasury? Treasury,
    BotSecurity? Security, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static BotResponse From(Bot bot) => new(
        bot.Id, bot.Name, bot.Description, bot.Type, bot.Status, bot.StatusReason, bot.Model, bot.WalletAddress,
        bot.Config.Personality, bot.Config.Capabilities, bot.Config.Integrations, bot.Config.Treasury, bot.Config.Security, bot.CreatedAt, bot.UpdatedAt);
}

/// <summary>A bot and the operation that was started on it.</summary>
/// <param name="Bot">The bot.</param>
/// <param name="Operation">The operation.</param>
internal sealed record BotOperationResponse(BotResponse Bot, OperationResponse Operation)
{
    public static BotOperationResponse From(BotOperation accepted) =>
        new(BotResponse.From(accepted.Bot), OperationResponse.From(accepted.Operation));
}

/// <summary>A long-running operation.</summary>
internal sealed record OperationResponse(
    string Id, string Type, string BotId, OperationStatus Status, IReadOnlyList<OperationStage> Stages, IReadOnlyDictionary<string, string>? Result,
    string? Error, DateTimeOffset CreatedAt)
{
    public static OperationResponse From(Operation operation) => new(
        operation.Id, operation.Type, operation.BotId, operation.Status, operation.Stages, operation.Result, operation.Error, operation.CreatedAt);
}
