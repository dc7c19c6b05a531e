namespace MidnightOS.Core.Maintenance;

/// <summary>A bounded piece of background work. The embedded host loops over it; Azure calls it from a timer.</summary>
public interface IBackgroundWork
{
    /// <summary>A name for logs and metrics, in kebab case.</summary>
    string Name { get; }

    /// <summary>How long a host waits after a run that found nothing more to do.</summary>
    TimeSpan Interval { get; }

    /// <summary>Does some of the work. Several instances may run it at once.</summary>
    /// <param name="budget">About how long it may take.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <returns>Whether there is more to do now.</returns>
    Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken);
}
