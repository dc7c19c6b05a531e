using MidnightOS.Core.Bots;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Contracts;

/// <summary>What a bot's configuration says to a contract call. A call takes no coins of the wallet, so no limit of spends applies.</summary>
public static class CallPolicy
{
    /// <summary><c>POLICY_DENIED</c>; null when it may call.</summary>
    public static Error? Refusal(BotConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Capabilities?.Permissions is { } permissions && !permissions.Contains(BotFeatures.Call, StringComparer.Ordinal)
            ? Denied("This bot has no permission to call contracts.")
            : null;
    }

    private static Error Denied(string message) =>
        new(ErrorCodes.PolicyDenied, message, new Dictionary<string, string>(StringComparer.Ordinal) { ["permissions"] = message });
}
