namespace MidnightOS.Core.Leases;

/// <summary>Leases that keep two instances off one piece of work.</summary>
public interface ILeaseStore
{
    /// <summary>Takes a lease that is free or has run out.</summary>
    /// <param name="name">What is leased: "conversation|cnv_…".</param>
    /// <param name="duration">How long it holds unless renewed.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The lease; null when another holds it.</returns>
    Task<Lease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Prolongs a lease that is still this one's. One that ran out is lost, also when nobody took it yet.</summary>
    /// <returns>Whether it is; false means that the work must stop.</returns>
    Task<bool> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives a lease back; one that was lost meanwhile is left to its new owner.</summary>
    Task ReleaseAsync(Lease lease, CancellationToken cancellationToken);
}

/// <summary>A lease that is held.</summary>
/// <param name="Name">What is leased.</param>
/// <param name="Token">What proves the holder; unique for each time it was taken.</param>
public sealed record Lease(string Name, string Token);
