using System.Diagnostics.Metrics;

namespace MidnightOS.Custody;

/// <summary>Counts what custody does. No tag names a wallet or tenant.</summary>
internal static class CustodyMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "MidnightOS.Custody";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Wallets = Meter.CreateCounter<long>(
        "midnightos.custody.wallets", "{wallet}", "Seeds created, opened, exported, retired, restored, erased, rewrapped, broken.");

    /// <summary>Counts one.</summary>
    /// <param name="action">What was done with a seed.</param>
    public static void Count(string action) => Wallets.Add(1, new KeyValuePair<string, object?>("action", action));
}
