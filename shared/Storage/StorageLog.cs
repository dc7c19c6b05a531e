using Microsoft.Extensions.Logging;

namespace MidnightOS.Storage;

/// <summary>The log messages of the stores: events 3000 to 3099.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(3000, LogLevel.Information, "Schema step {Script} applied.")]
    public static partial void SchemaApplied(ILogger logger, string script);

    [LoggerMessage(3001, LogLevel.Information, "The database {Path} is open.")]
    public static partial void DatabaseOpened(ILogger logger, string path);

    [LoggerMessage(3002, LogLevel.Error, "The database could not be written; nothing of the group of {Count} writes was kept.")]
    public static partial void WriteFailed(ILogger logger, Exception error, int count);

    [LoggerMessage(3003, LogLevel.Information, "Swept {Count} expired records.")]
    public static partial void Swept(ILogger logger, int count);
}
