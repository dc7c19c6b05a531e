using Microsoft.AspNetCore.Http;
using MidnightOS.Core;

namespace MidnightOS.Embedded.Start;

/// <summary>Refuses settings that no part of the platform reads, before anything is started or written: a misspelt setting would quietly mean its default.</summary>
internal static class CheckSettings
{
    /// <summary>The platform's settings by section; <c>RateLimits</c> checks its own.</summary>
    internal static IReadOnlyDictionary<string, string[]> Known { get; } = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
    {
        ["Accounts"] = ["Issuer", "Audience", "AccessTokenLifetime", "SessionLifetime"],
        ["Agents"] = ["MaxRounds", "MaxToolCalls", "MaxTextCharacters", "ModelTimeout", "TurnTimeout", "HistoryMessages"],
        ["Api"] = ["PublicAddress"],
        ["Bots"] = ["PerTenant", "KeepSeedFor"],
        ["Chat"] = ["WaitForTurn", "Lease", "Poll"],
        ["Custody"] = ["KeyFile"],
        ["Data"] = ["Folder"],
        ["Devnet"] = ["IndexerPort", "NodePort", "BlockTime", "Fees", "Folder", "StartTimeout"],
        ["Flows"] = ["MaxConcurrent", "LeaseDuration", "PollInterval", "Retention"],
        ["Ledger"] = ["Workers", "QueueLength", "CallTimeout", "StartTimeout", "MaxOperations", "MaxAge", "MaxMemoryBytes", "IdleTimeout"],
        ["Metrics"] = ["Enabled", "Token"],
        ["Midnight"] = ["Network", "Indexer", "IndexerWebSocket", "Node", "MaxTipAge", "Resilience", "PackagesFolder"],
        ["Model"] = ["Provider", "Endpoint", "ApiKey", "Name"],
        ["Node"] = ["Path"],
        ["OpenTelemetry"] = ["Endpoint", "Protocol"],
        ["Proofs"] = ["QueuedPerTenant", "QueuedBytesPerTenant", "RunningPerTenant", "MaxAttempts", "WaitLimit", "KeepResults", "Lease"],
        ["Prover"] = ["Host", "Port", "MaxBodyBytes", "MaxHeldBytes", "AnswerTimeout", "YieldAfter", "Capacity", "FetchParameters", "Identity", "RequireCredential", "Upstream", "UpstreamTimeout",
            "Workers", "ProofTimeout", "CheckTimeout", "StartTimeout", "MaxOperations", "MaxMemoryBytes", "MaxKeyBytes", "IdleTimeout", "MaxK",
            "ParameterFolder", "ParameterSource", "ParameterStallTimeout"],
        ["Transactions"] = ["TimeToLive", "CallTimeToLive", "ConfirmationWindow", "ApprovalWindow", "MaxAttempts"],
    };

    private static readonly string[] Elsewhere =
        ["RateLimits", "Cors", "ForwardedHeaders", "Logging", "Kestrel", "AllowedHosts", "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName"];

    /// <exception cref="OptionsProblemException">A setting is unknown or cannot be used; the message names it.</exception>
    public static void Check(string[] args, IConfiguration configuration)
    {
        foreach (var argument in args.Where(static argument => argument.StartsWith("--", StringComparison.Ordinal)))
        {
            var section = argument[2..].Split('=', ':')[0];
            // The standard variables of OpenTelemetry may stand on the command line too; its packages read them.
            if (!Known.ContainsKey(section) && !section.StartsWith("OTEL_", StringComparison.Ordinal) && !Elsewhere.Contains(section, StringComparer.OrdinalIgnoreCase))
            {
                throw new OptionsProblemException($"There is no setting {argument.Split('=')[0]}. Run with --help for the commands; the README lists the settings.");
            }
        }

        foreach (var (section, names) in Known)
        {
            if (configuration.GetSection(section).GetChildren().FirstOrDefault(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            {
                throw new OptionsProblemException($"There is no setting {unknown.Path}. The settings of {section} are {string.Join(", ", names)}.");
            }
        }

        CheckLogging(configuration);
        CheckUrls(configuration["urls"]!);
    }

    private static void CheckLogging(IConfiguration configuration)
    {
        foreach (var level in configuration.GetSection("Logging:LogLevel").GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
            {
                throw new OptionsProblemException($"{level.Path} must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}, not \"{level.Value}\".");
            }
        }
    }

    private static void CheckUrls(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IsAddress(url))
            {
                throw new OptionsProblemException($"--urls must be addresses such as http://127.0.0.1:7071, not \"{url}\".");
            }
        }
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
