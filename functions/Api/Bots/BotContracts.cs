using System.ComponentModel.DataAnnotations;
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
    [Text(BotModelName.MaxLength)]
    [RegularExpression(BotModelName.Pattern, ErrorMessage = BotModelName.Rule)]
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

    /// <summary>What it is for; it may be told again but not changed.</summary>
    public BotType? Type { get; init; }

    /// <summary>The language model; without one, the platform's default.</summary>
    [Text(BotModelName.MaxLength)]
    [RegularExpression(BotModelName.Pattern, ErrorMessage = BotModelName.Rule)]
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

    /// <summary>May be told again but not changed, so that what a GET gave can be put back.</summary>
    public string? Id { get; init; }

    /// <summary>May be told again but not changed; start, stop, pause and resume do that.</summary>
    public BotStatus? Status { get; init; }

    /// <summary>May be told again but not changed.</summary>
    public string? StatusReason { get; init; }

    /// <summary>May be told again but not changed.</summary>
    public string? WalletAddress { get; init; }

    /// <summary>May be told again; it is not looked at.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>May be told again; it is not looked at. If-Match holds a change to a version.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>A bot as a body that would leave it as it is.</summary>
    public static ReplaceBotBody Of(Bot bot) => new()
    {
        Name = bot.Name,
        Description = bot.Description,
        Type = bot.Type,
        Model = bot.Model,
        Personality = bot.Config.Personality,
        Capabilities = bot.Config.Capabilities,
        Integrations = bot.Config.Integrations?.ToDictionary(StringComparer.Ordinal),
        Treasury = bot.Config.Treasury,
        Security = bot.Config.Security,
    };

    /// <summary>The bot with this name, description, model and configuration.</summary>
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

/// <summary>A JSON merge patch (RFC 7396): what is absent stays, null removes, and what lies within an object is merged in the same way.</summary>
internal sealed record PatchBotBody
{
    /// <summary>The new name; it cannot be removed.</summary>
    [Text(100)]
    public string? Name { get; init; }

    /// <summary>The new description.</summary>
    [Text(1000, MayBeBlank = true)]
    public string? Description { get; init; }

    /// <summary>What it is for; it may be told again but not changed.</summary>
    public BotType? Type { get; init; }

    /// <summary>The new language model.</summary>
    [Text(BotModelName.MaxLength)]
    [RegularExpression(BotModelName.Pattern, ErrorMessage = BotModelName.Rule)]
    public string? Model { get; init; }

    /// <summary>What changes in how it speaks.</summary>
    public BotPersonality? Personality { get; init; }

    /// <summary>What changes in what it can do and how much it may spend; a limit that is not named stays.</summary>
    public BotCapabilities? Capabilities { get; init; }

    /// <summary>What changes in the settings of chat networks and other services.</summary>
    public Dictionary<string, JsonElement>? Integrations { get; init; }

    /// <summary>What changes in its treasury.</summary>
    public BotTreasury? Treasury { get; init; }

    /// <summary>What changes in who may be paid.</summary>
    public BotSecurity? Security { get; init; }
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
