using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Bots;

/// <summary>The rules of a bot's fields, for its creation and every change.</summary>
public sealed class CheckBotFields(IAddressCodec addresses, NetworkProfile network)
{
    private const int MaxListed = 100;
    private const int MaxIntegrationsBytes = 16 * 1024;

    /// <summary>The first thing that is wrong; null when all is well.</summary>
    public Error? Check(string name, string? description, string? model, BotConfig config) =>
        Text("name", name, 1, 100) ?? Text("description", description ?? "", 0, 1000) ?? Model(model)
        ?? Check(config.Personality) ?? Check(config.Capabilities) ?? CheckIntegrations(config) ?? Check(config.Treasury) ?? Check(config.Security);

    private static Error? Text(string field, string value, int min, int max)
    {
        if (value.Trim().Length < min)
        {
            return Error.Invalid(field, $"{field} must not be empty.");
        }

        return value.Length > max ? Error.Invalid(field, $"{field} has at most {max} characters.")
            : value.Any(static c => char.IsControl(c) && c is not ('\n' or '\t')) ? Error.Invalid(field, $"{field} must not hold control characters.")
            : null;
    }

    private static Error? Model(string? model) =>
        model is null || BotModelName.Is(model) ? null : Error.Invalid("model", $"model {BotModelName.Rule}; at most {BotModelName.MaxLength} characters.");

    private static Error? Check(BotPersonality? personality) => personality is null ? null
        : Text("personality.tone", personality.Tone ?? "", 0, 100)
            ?? Text("personality.instructions", personality.Instructions ?? "", 0, 4000)
            ?? Text("personality.language", personality.Language ?? "", 0, 35);

    private static Error? Check(BotCapabilities? capabilities) => capabilities is null ? null
        : Names("capabilities.features", capabilities.Features, BotFeatures.All)
            ?? Names("capabilities.permissions", capabilities.Permissions, BotFeatures.Permissions)
            ?? Check("capabilities.limits", capabilities.Limits);

    private static Error? Names(string field, IReadOnlyList<string>? names, IReadOnlyList<string> known)
    {
        var unknown = names?.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal));
        return unknown is null ? null : Error.Invalid(field, $"{field} may hold {string.Join(", ", known)}.");
    }

    private static Error? Check(string field, SpendLimits? limits) => limits is null ? null
        : Amount($"{field}.perTransaction", limits.PerTransaction) ?? Amount($"{field}.perDay", limits.PerDay)
            ?? Amount($"{field}.confirmAbove", limits.ConfirmAbove) ?? Amount($"{field}.approveAbove", limits.ApproveAbove);

    private static Error? Amount(string field, string? text) =>
        text is null || Token.Night.TryParse(text, out _, out var problem) ? null : Error.Invalid(field, problem!);

    private static Error? CheckIntegrations(BotConfig config) =>
        config.Integrations?.Sum(static pair => (long)pair.Key.Length + pair.Value.GetRawText().Length) > MaxIntegrationsBytes
            ? Error.Invalid("integrations", "integrations has at most 16 KB.")
            : null;

    private static Error? Check(BotTreasury? treasury)
    {
        if (treasury is null)
        {
            return null;
        }

        var signers = treasury.Signers?.Count ?? 0;
        if (signers > MaxListed)
        {
            return Error.Invalid("treasury.signers", $"treasury.signers has at most {MaxListed} entries.");
        }

        return treasury.Threshold is { } threshold && (threshold < 1 || threshold > Math.Max(1, signers))
            ? Error.Invalid("treasury.threshold", "treasury.threshold lies between 1 and the number of signers.")
            : Check("treasury.limits", treasury.Limits);
    }

    private Error? Check(BotSecurity? security) => security is null ? null
        : Recipients("security.allowedRecipients", security.AllowedRecipients)
            ?? Recipients("security.blockedRecipients", security.BlockedRecipients);

    private Error? Recipients(string field, IReadOnlyList<string>? recipients)
    {
        if (recipients?.Count > MaxListed)
        {
            return Error.Invalid(field, $"{field} has at most {MaxListed} entries.");
        }

        var error = recipients?.Select(address => addresses.ParseUnshielded(address, network.Id).Error).FirstOrDefault(static e => e is not null);
        return error is null ? null : Error.Invalid(field, error.Message);
    }
}
