using Microsoft.Azure.Functions.Worker;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Azure.Prover.Functions;

/// <summary>The timers of the prover's app: the background work of proofs.</summary>
/// <param name="run">Runs a work within its budget.</param>
public sealed class TimerFunctions(RunPlannedWork run)
{
    /// <summary>Keeps what was learnt.</summary>
    [Function("ProofTimes")]
    public Task ProofTimesAsync([TimerTrigger(WorkPlan.HalfMinute)] TimerInfo timer, CancellationToken cancellationToken) => run.RunAsync(WorkPlan.ProofTimes, cancellationToken);

    /// <summary>Drops proofs that were kept long enough.</summary>
    [Function("EraseProofs")]
    public Task EraseProofsAsync([TimerTrigger(WorkPlan.Minute)] TimerInfo timer, CancellationToken cancellationToken) => run.RunAsync(WorkPlan.EraseProofs, cancellationToken);

    /// <summary>Ends jobs whose message was lost.</summary>
    [Function("LostProofs")]
    public Task LostProofsAsync([TimerTrigger(WorkPlan.Minute)] TimerInfo timer, CancellationToken cancellationToken) => run.RunAsync(WorkPlan.LostProofs, cancellationToken);
}
