using MidnightOS.Core.Flows;
using MidnightOS.Storage.Flows;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>The SQLite journal; tells when a host looked for work at a time.</summary>
internal sealed class WatchedJournal(SqliteFlowJournal journal) : IFlowJournal
{
    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset At, TaskCompletionSource Seen)> _watches = [];
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>Ends when the host renewed and claimed with a clock that stood at this time or later.</summary>
    public Task LookedAtAsync(DateTimeOffset at)
    {
        lock (_gate)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watches.Add((at, seen));
            Report();
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    public async Task<FlowClaims> ClaimAsync(FlowClaimQuery query, CancellationToken cancellationToken)
    {
        var claims = await journal.ClaimAsync(query, cancellationToken);
        lock (_gate)
        {
            _last = query.Now;
            Report();
        }

        return claims;
    }

    public Task<bool> CreateAsync(NewFlow flow, CancellationToken cancellationToken) => journal.CreateAsync(flow, cancellationToken);

    public Task<bool> RaiseAsync(NewFlowEvent raised, CancellationToken cancellationToken) => journal.RaiseAsync(raised, cancellationToken);

    public Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) => journal.FindAsync(id, cancellationToken);

    public Task<IReadOnlySet<string>> RenewAsync(IReadOnlyCollection<FlowLease> leases, DateTimeOffset until, CancellationToken cancellationToken) =>
        journal.RenewAsync(leases, until, cancellationToken);

    public Task<FlowHistory> LoadAsync(string id, CancellationToken cancellationToken) => journal.LoadAsync(id, cancellationToken);

    public Task<IReadOnlyList<FlowInboxEvent>> LoadEventsAsync(string id, long after, CancellationToken cancellationToken) =>
        journal.LoadEventsAsync(id, after, cancellationToken);

    public Task<FlowCommit> CommitAsync(FlowLease lease, FlowTurn turn, CancellationToken cancellationToken) =>
        journal.CommitAsync(lease, turn, cancellationToken);

    public Task<int> PurgeAsync(DateTimeOffset endedBefore, int max, CancellationToken cancellationToken) =>
        journal.PurgeAsync(endedBefore, max, cancellationToken);

    private void Report()
    {
        foreach (var (_, seen) in _watches.Where(w => w.At <= _last))
        {
            seen.TrySetResult();
        }

        _watches.RemoveAll(w => w.At <= _last);
    }
}
