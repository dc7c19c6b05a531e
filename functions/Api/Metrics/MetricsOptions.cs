using Microsoft.Extensions.Configuration;
using MidnightOS.Core;

namespace MidnightOS.Api.Metrics;

/// <summary>Who may read <c>/metrics</c>, section <c>Metrics</c>.</summary>
/// <param name="Enabled">Whether the route exists; <c>Metrics:Enabled</c>, true by default.</param>
/// <param name="Token">What a reader shows as a bearer token, from wherever it asks; <c>Metrics:Token</c>. Null: only this machine may read.</param>
public sealed record MetricsOptions(bool Enabled, string? Token)
{
    /// <summary>The section's name.</summary>
    public const string Section = "Metrics";

    private const int ShortestToken = 24;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="OptionsProblemException">One is wrong.</exception>
    public static MetricsOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var enabled = configuration[$"{Section}:{nameof(Enabled)}"] is { Length: > 0 } text
            ? bool.TryParse(text, out var value) ? value : throw new OptionsProblemException("Metrics:Enabled is true or false.")
            : true;
        var token = configuration[$"{Section}:{nameof(Token)}"] is { Length: > 0 } given ? given : null;
        return token is null || (token.Length >= ShortestToken && token.All(static c => c is > ' ' and < '\x7f'))
            ? new MetricsOptions(enabled, token)
            : throw new OptionsProblemException($"Metrics:Token has at least {ShortestToken} printable ASCII characters and no spaces.");
    }
}
