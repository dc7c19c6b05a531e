using Microsoft.Azure.Functions.Worker;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Azure.Prover.Functions;

/// <summary>The timers of the prover's app. Each work is named, not looked for among all: most of them need what this app has no right on.</summary>
/// <param name="times">What is learnt of how long proofs take.</param>
/// <param name="lost">Jobs whose message was lost.</param>
/// <param name="erase">Proofs that were kept long enough.</param>
/// <param name="time">The clock.</param>
public sealed class TimerFunctions(ProofTimes times, EndLostProofs lost, EraseProofs erase, TimeProvider time)
{
    private readonly RunPlannedWork _run = new([times, lost, erase], time);

    /// <summary>Keeps what was learnt.</summary>
    [Function("ProofTimes")]
    public Task ProofTimesAsync([TimerTrigger(WorkPlan.HalfMinute)] TimerInfo timer, CancellationToken cancellationToken) => _run.RunAsync(WorkPlan.ProofTimes, cancellationToken);

    /// <summary>Drops proofs that were kept long enough.</summary>
    [Function("EraseProofs")]
    public Task EraseProofsAsync([TimerTrigger(WorkPlan.Minute)] TimerInfo timer, CancellationToken cancellationToken) => _run.RunAsync(WorkPlan.EraseProofs, cancellationToken);

    /// <summary>Ends jobs whose message was lost.</summary>
    [Function("LostProofs")]
    public Task LostProofsAsync([TimerTrigger(WorkPlan.Minute)] TimerInfo timer, CancellationToken cancellationToken) => _run.RunAsync(WorkPlan.LostProofs, cancellationToken);
}
