using Microsoft.Extensions.Logging;

namespace MidnightOS.Midnight.Ledger;

/// <summary>What the pool of ledger processes logs. Event ids 5100–5119.</summary>
internal static partial class LedgerLog
{
    [LoggerMessage(5100, LogLevel.Debug, "Ledger process {Process} started within {Elapsed}")]
    public static partial void Started(ILogger logger, int process, TimeSpan elapsed);

    [LoggerMessage(5101, LogLevel.Debug, "Ledger process {Process} ends after {Operations} operations ({Reason})")]
    public static partial void Ended(ILogger logger, int process, int operations, string reason);

    [LoggerMessage(5102, LogLevel.Warning, "Ledger process {Process} was lost during {Operation}; the call is repeated once")]
    public static partial void Lost(ILogger logger, Exception exception, int process, string operation);

    [LoggerMessage(5103, LogLevel.Warning, "Ledger process {Process} did not finish {Operation} in time and was killed")]
    public static partial void TimedOut(ILogger logger, int process, string operation);

    [LoggerMessage(5104, LogLevel.Warning, "Ledger process {Process} says: {Line}")]
    public static partial void WorkerSaid(ILogger logger, int process, string line);

    [LoggerMessage(5105, LogLevel.Warning, "A ledger process could not be kept warm")]
    public static partial void NotWarm(ILogger logger, Exception exception);
}
