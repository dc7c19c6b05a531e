using Microsoft.Extensions.Logging;

namespace MidnightOS.Azure;

/// <summary>The log messages of the stores in Azure: events 3100 to 3199.</summary>
internal static partial class AzureLog
{
    [LoggerMessage(3100, LogLevel.Warning, "Cosmos DB took {Milliseconds:0} ms for {Operation} ({Status}, {Charge:0.0} request units): {Diagnostics}")]
    public static partial void SlowCall(ILogger logger, double milliseconds, string operation, int status, double charge, string diagnostics);

    [LoggerMessage(3101, LogLevel.Error, "Cosmos DB refused {Operation} with {Status}.{SubStatus}: {Diagnostics}")]
    public static partial void Refused(ILogger logger, string operation, int status, string subStatus, string diagnostics);

    [LoggerMessage(3110, LogLevel.Debug, "Deleted {Count} rows of the tables whose time had passed.")]
    public static partial void Swept(ILogger logger, int count);
}
