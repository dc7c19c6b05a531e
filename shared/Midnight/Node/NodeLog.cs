using Microsoft.Extensions.Logging;

namespace MidnightOS.Midnight.Node;

/// <summary>What the Node side logs. Event ids 5200–5219.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(5200, LogLevel.Information, "Installing the Node packages in {Folder}")]
    public static partial void Installing(ILogger logger, string folder);

    [LoggerMessage(5201, LogLevel.Information, "Installed the Node packages in {Folder} within {Elapsed}")]
    public static partial void Installed(ILogger logger, string folder, TimeSpan elapsed);
}
