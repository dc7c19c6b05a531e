using System.Security.Cryptography;

namespace MidnightOS.Storage.Sqlite;

/// <summary>How versions and times are stored.</summary>
internal static class Stamp
{
    /// <summary>A version that was never used before, also not for a record that was deleted and made again.</summary>
    public static string NewETag() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>A time as 100-nanosecond ticks of UTC: exact, and ordered as an integer.</summary>
    public static long ToStored(DateTimeOffset time) => time.UtcTicks;

    /// <inheritdoc cref="ToStored(DateTimeOffset)"/>
    public static object? ToStored(DateTimeOffset? time) => time?.UtcTicks;

    /// <summary>A stored time.</summary>
    public static DateTimeOffset FromStored(long ticks) => new(ticks, TimeSpan.Zero);
}
