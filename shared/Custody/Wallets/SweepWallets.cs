using MidnightOS.Core.Directory;
using MidnightOS.Core.Leases;

namespace MidnightOS.Custody.Wallets;

/// <summary>The background work of custody: erases seeds whose time has come, then moves wallets off old key versions. One host at a time.</summary>
internal sealed class SweepWallets(ILeaseStore leases, EraseWallet erase, RewrapWallet rewrap, TimeProvider time)
{
    private const int BatchSize = 20;
    private const int MostCounted = 10_000;

    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(5);

    /// <param name="budget">How long it may take, about.</param>
    /// <param name="cancellationToken">Stops between two wallets.</param>
    /// <returns>Whether there is more to do now.</returns>
    public async Task<bool> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        if (await leases.TryAcquireAsync("custody-sweep", LeaseTime, cancellationToken) is not { } lease)
        {
            return false;
        }

        try
        {
            var run = new Run(lease, time.GetUtcNow(), time.GetTimestamp(), budget);
            if (await EachAsync(run, erase.ListAsync, erase.RunAsync, cancellationToken))
            {
                return true;
            }

            return await RewrapAsync(run, cancellationToken);
        }
        finally
        {
            await leases.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    private async Task<bool> RewrapAsync(Run run, CancellationToken cancellationToken)
    {
        var versions = await rewrap.OldVersionsAsync(cancellationToken);
        var more = await RewrapAsync(run, versions, cancellationToken);
        CustodyMetrics.RewrapBacklog(await BacklogAsync(versions, cancellationToken));
        return more;
    }

    private async Task<bool> RewrapAsync(Run run, IReadOnlyList<string> versions, CancellationToken cancellationToken)
    {
        foreach (var version in versions)
        {
            if (await EachAsync(
                run,
                (dueBy, limit, token) => rewrap.ListAsync(version, dueBy, limit, token),
                (marker, token) => rewrap.RunAsync(version, marker, token),
                cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    // Nothing is under most old versions; while a rotation is carried through, the count is read once a run.
    private async Task<long> BacklogAsync(IReadOnlyList<string> versions, CancellationToken cancellationToken)
    {
        long backlog = 0;
        foreach (var version in versions)
        {
            backlog += (await rewrap.ListAsync(version, DateTimeOffset.MaxValue, MostCounted, cancellationToken)).Count;
        }

        return backlog;
    }

    /// <returns>Whether it stopped before the end.</returns>
    private async Task<bool> EachAsync(
        Run run,
        Func<DateTimeOffset, int, CancellationToken, Task<IReadOnlyList<DueMarker>>> list,
        Func<DueMarker, CancellationToken, Task> handle,
        CancellationToken cancellationToken)
    {
        // What is handled leaves the list or is put off beyond the start of the run, so the list runs dry.
        while (await list(run.StartedAt, BatchSize, cancellationToken) is { Count: > 0 } batch)
        {
            foreach (var marker in batch)
            {
                if (time.GetElapsedTime(run.Timestamp) >= run.Budget || !await leases.RenewAsync(run.Lease, LeaseTime, cancellationToken))
                {
                    return true;
                }

                await handle(marker, cancellationToken);
            }
        }

        return false;
    }

    private sealed record Run(Lease Lease, DateTimeOffset StartedAt, long Timestamp, TimeSpan Budget);
}
