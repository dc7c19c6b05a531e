using Microsoft.Extensions.Logging;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>What the engine logs: names, ids and numbers, never inputs or outputs.</summary>
internal static partial class FlowLog
{
    [LoggerMessage(4000, LogLevel.Debug, "Flow {Flow} {FlowId} was taken with {Entries} entries")]
    public static partial void Taken(this ILogger logger, string flow, string flowId, int entries);

    [LoggerMessage(4001, LogLevel.Information, "Flow {Flow} {FlowId} completed")]
    public static partial void Completed(this ILogger logger, string flow, string flowId);

    [LoggerMessage(4002, LogLevel.Warning, "Flow {Flow} {FlowId} failed")]
    public static partial void Failed(this ILogger logger, Exception? exception, string flow, string flowId);

    [LoggerMessage(4003, LogLevel.Critical, "Flow {Flow} {FlowId} breaks the rules of flows and was ended as failed")]
    public static partial void Defect(this ILogger logger, Exception? exception, string flow, string flowId);

    [LoggerMessage(4004, LogLevel.Warning, "Step {Step} of flow {FlowId}, call {Sequence}, attempt {Attempt} threw")]
    public static partial void StepThrew(this ILogger logger, Exception exception, string step, string flowId, int sequence, int attempt);

    [LoggerMessage(4005, LogLevel.Information, "Step {Step} of flow {FlowId}, call {Sequence}, was stopped and will run again")]
    public static partial void StepStopped(this ILogger logger, string step, string flowId, int sequence);

    [LoggerMessage(4006, LogLevel.Warning, "The lease of flow {Flow} {FlowId} was lost; another host goes on with it")]
    public static partial void LeaseLost(this ILogger logger, string flow, string flowId);

    [LoggerMessage(4007, LogLevel.Error, "Flow {Flow} {FlowId} was interrupted; it goes on when its lease ran out")]
    public static partial void Interrupted(this ILogger logger, Exception exception, string flow, string flowId);

    [LoggerMessage(4008, LogLevel.Error, "The journal of flows did not answer; it is asked again")]
    public static partial void JournalUnreachable(this ILogger logger, Exception exception);

    [LoggerMessage(4009, LogLevel.Information, "Deleted {Count} flows that ended before {Before}")]
    public static partial void Purged(this ILogger logger, int count, DateTimeOffset before);

    [LoggerMessage(4010, LogLevel.Information, "Event {Name} for flow {FlowId} was dropped: no flow of this id runs")]
    public static partial void EventDropped(this ILogger logger, string name, string flowId);
}
