using Microsoft.Extensions.Logging;

namespace MidnightOS.Midnight.Chain;

/// <summary>What the chain client logs. Event ids 5000–5099.</summary>
internal static partial class ChainLog
{
    [LoggerMessage(5000, LogLevel.Information, "{Upstream}: {Operation} failed ({Problem}); attempt {Attempt} in {Delay}")]
    public static partial void Retrying(ILogger logger, string upstream, string operation, string problem, int attempt, TimeSpan delay);

    [LoggerMessage(5001, LogLevel.Warning, "{Upstream}: the circuit opened for {Duration}")]
    public static partial void CircuitOpened(ILogger logger, string upstream, TimeSpan duration);

    [LoggerMessage(5002, LogLevel.Information, "{Upstream}: the circuit closed")]
    public static partial void CircuitClosed(ILogger logger, string upstream);

    [LoggerMessage(5003, LogLevel.Warning, "{Upstream}: {Operation} gave up: {Problem}")]
    public static partial void GaveUp(ILogger logger, string upstream, string operation, string problem);

    [LoggerMessage(5010, LogLevel.Information, "Indexer WebSocket {Socket} is open")]
    public static partial void SocketOpened(ILogger logger, long socket);

    [LoggerMessage(5011, LogLevel.Information, "Indexer WebSocket {Socket} closed: {Problem}")]
    public static partial void SocketClosed(ILogger logger, long socket, string problem);

    [LoggerMessage(5012, LogLevel.Warning, "Indexer WebSocket could not be opened ({Problem}); attempt {Attempt} in {Delay}")]
    public static partial void SocketRefused(ILogger logger, string problem, int attempt, TimeSpan delay);

    [LoggerMessage(5013, LogLevel.Debug, "Subscription {Subscription} resumes: {Problem}")]
    public static partial void Resuming(ILogger logger, string subscription, string problem);

    [LoggerMessage(5015, LogLevel.Warning, "Subscription {Subscription} begins anew: {Problem}")]
    public static partial void Rejected(ILogger logger, string subscription, string problem);

    [LoggerMessage(5014, LogLevel.Warning, "Subscription {Subscription}: block {Height} came where {Expected} was due")]
    public static partial void Gap(ILogger logger, string subscription, long height, long expected);

    [LoggerMessage(5020, LogLevel.Warning, "The node refused a transaction: {Reason}")]
    public static partial void Refused(ILogger logger, string reason);
}
