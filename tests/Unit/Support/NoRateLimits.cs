namespace MidnightOS.Tests.Unit.Support;

/// <summary>Settings that raise every limit of requests far above what a test asks: the limits have tests of their own.</summary>
public static class NoRateLimits
{
    /// <summary>The command line's part.</summary>
    public static IReadOnlyList<string> Settings { get; } =
        [.. new[] { "Register", "Login", "Refresh", "BotChanges", "Chat", "Spends", "Reads" }.SelectMany(static name => new[] { $"--RateLimits:{name}:PerMinute", "100000000" })];
}
