using Microsoft.Extensions.Logging;

namespace MidnightOS.Prover.Proving.Processes;

/// <summary>What the pool of proving processes logs. Event ids 7200–7219. Nothing of a preimage.</summary>
internal static partial class ProvingLog
{
    [LoggerMessage(7200, LogLevel.Debug, "Proving process {Process} started within {Elapsed}")]
    public static partial void Started(ILogger logger, int process, TimeSpan elapsed);

    [LoggerMessage(7201, LogLevel.Debug, "Proving process {Process} ends after {Operations} operations ({Reason})")]
    public static partial void Ended(ILogger logger, int process, int operations, string reason);

    [LoggerMessage(7202, LogLevel.Warning, "Proving process {Process} was lost during {Operation}")]
    public static partial void Lost(ILogger logger, Exception exception, int process, string operation);

    [LoggerMessage(7203, LogLevel.Warning, "Proving process {Process} did not finish {Operation} in time and was killed")]
    public static partial void TimedOut(ILogger logger, int process, string operation);

    [LoggerMessage(7204, LogLevel.Warning, "Proving process {Process} says: {Line}")]
    public static partial void WorkerSaid(ILogger logger, int process, string line);

    [LoggerMessage(7205, LogLevel.Warning, "A proving process could not be kept warm")]
    public static partial void NotWarm(ILogger logger, Exception exception);

    [LoggerMessage(7206, LogLevel.Information, "Proving process {Process} stopped at a request for {Operation} and is replaced")]
    public static partial void Trapped(ILogger logger, int process, string operation);
}
