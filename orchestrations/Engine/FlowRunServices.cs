using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>What every run of a flow uses.</summary>
internal sealed class FlowRunServices(
    IFlowJournal journal, IFlowRegistry flows, StepRunner steps, FlowObservers observers, FlowMetrics metrics,
    IIdGenerator ids, TimeProvider time, IOptions<FlowEngineOptions> options, ILogger<FlowRun> logger)
{
    public IFlowJournal Journal { get; } = journal;

    public IFlowRegistry Flows { get; } = flows;

    public StepRunner Steps { get; } = steps;

    public FlowObservers Observers { get; } = observers;

    public FlowMetrics Metrics { get; } = metrics;

    public IIdGenerator Ids { get; } = ids;

    public TimeProvider Time { get; } = time;

    public TimeSpan PollInterval { get; } = options.Value.PollInterval;

    public ILogger Logger { get; } = logger;

    /// <summary>The current time.</summary>
    public DateTimeOffset Now() => Time.GetUtcNow();

    /// <summary>Tells that a flow ended.</summary>
    public void Ended(FlowClaim claim, FlowNext.End end, FlowExecution execution, string? customStatus)
    {
        var id = claim.Lease.FlowId;
        if (execution.Defect is not null)
        {
            Logger.Defect(execution.Defect, claim.Flow, id);
        }
        else if (end.Status is FlowStatus.Failed)
        {
            Logger.Failed(execution.Failure, claim.Flow, id);
        }
        else
        {
            Logger.Completed(claim.Flow, id);
        }

        Metrics.Ended(claim.Flow, id, claim.TraceParent, claim.StartedAt, end.Status, Now());
        Observers.OnFlowEnded(new FlowState(id, claim.Flow, end.Status, customStatus, end.OutputJson, end.Error));
    }
}
