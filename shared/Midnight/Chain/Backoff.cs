namespace MidnightOS.Midnight.Chain;

/// <summary>How long to wait before the next attempt: doubling, capped, with half of it random so that many clients do not return at once.</summary>
internal static class Backoff
{
    /// <param name="failures">How many attempts in a row failed; 0 = no wait.</param>
    /// <param name="options">The first and the longest wait.</param>
    /// <param name="chance">From 0 up to, but not including, 1.</param>
    public static TimeSpan Delay(int failures, ChainResilienceOptions options, double chance)
    {
        if (failures <= 0)
        {
            return TimeSpan.Zero;
        }

        var doubled = options.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, options.MaxRetryDelay.TotalMilliseconds) * (0.5 + (chance / 2)));
    }
}
