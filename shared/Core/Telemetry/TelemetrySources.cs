namespace MidnightOS.Core.Telemetry;

/// <summary>What leaves a process, whoever it is sent to.</summary>
public static class TelemetrySources
{
    // The platform's own are named alike.
    private const string Own = "MidnightOS.*";

    /// <summary>Meters, by name or pattern.</summary>
    public static string[] Meters => [Own, "Microsoft.AspNetCore.Hosting", "System.Runtime"];

    /// <summary>Activity sources, by name or pattern.</summary>
    public static string[] Activities => [Own, "Microsoft.AspNetCore"];
}
