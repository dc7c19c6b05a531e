namespace MidnightOS.Core.Maintenance;

/// <summary>Runs one background work when its timer calls: again while there is more to do, within its budget.</summary>
public sealed class RunPlannedWork(IEnumerable<IBackgroundWork> works, TimeProvider time)
{
    /// <summary>Runs a work.</summary>
    /// <param name="name">A name of <see cref="WorkPlan"/>; another is a defect and throws.</param>
    /// <param name="cancellationToken">The host stops; what was done stays done.</param>
    /// <remarks>What the work throws goes to the caller, so that the call counts as failed. The next call tries again.</remarks>
    public async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        var budget = WorkPlan.All.Single(planned => planned.Name == name).Budget;
        var work = works.Single(work => work.Name == name);
        var started = time.GetTimestamp();
        var left = budget;
        while (left > TimeSpan.Zero && await work.RunAsync(left, cancellationToken))
        {
            left = budget - time.GetElapsedTime(started);
        }
    }
}
