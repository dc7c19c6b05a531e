using Microsoft.Azure.Functions.Worker;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Azure.Api.Functions;

/// <summary>The timers of the API's app: the background work that needs no key of the wallets.</summary>
/// <param name="run">Runs a work within its budget.</param>
public sealed class TimerFunctions(RunPlannedWork run)
{
    /// <summary>Carries out what committed changes still owe.</summary>
    [Function("Outbox")]
    public Task OutboxAsync([TimerTrigger(WorkPlan.HalfMinute)] TimerInfo timer, CancellationToken cancellationToken) => run.RunAsync(WorkPlan.Outbox, cancellationToken);

    /// <summary>Brings wallets up to date with the chain.</summary>
    [Function("ChainFollower")]
    public Task ChainFollowerAsync([TimerTrigger(WorkPlan.QuarterMinute)] TimerInfo timer, CancellationToken cancellationToken) => run.RunAsync(WorkPlan.ChainFollower, cancellationToken);

    /// <summary>Drops what ended contract calls were built to.</summary>
    [Function("EraseCalls")]
    public Task EraseCallsAsync([TimerTrigger(WorkPlan.Minute)] TimerInfo timer, CancellationToken cancellationToken) => run.RunAsync(WorkPlan.EraseCalls, cancellationToken);

    /// <summary>Measures how much work waits.</summary>
    [Function("MeasureQueues")]
    public Task MeasureQueuesAsync([TimerTrigger(WorkPlan.HalfMinute)] TimerInfo timer, CancellationToken cancellationToken) => run.RunAsync(WorkPlan.MeasureQueues, cancellationToken);

    /// <summary>Deletes what has expired in the tables.</summary>
    [Function("SweepTables")]
    public Task SweepTablesAsync([TimerTrigger(WorkPlan.Hour)] TimerInfo timer, CancellationToken cancellationToken) => run.RunAsync(WorkPlan.SweepTables, cancellationToken);
}
