using System.Diagnostics;
using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>One flow that this host holds: replays it, then goes on in turns until it waits, ended, or is no longer this host's.</summary>
/// <remarks>
/// A turn applies all that happened, then writes it with the new custom status and how the flow goes on in one commit, and only then runs the steps that the flow
/// asked for. Nothing leaves the flow before it is journalled, and a step costs one write.
/// </remarks>
internal sealed class FlowRun : IDisposable
{
    private readonly FlowClaim _claim;
    private readonly FlowRunServices _services;
    private readonly CancellationToken _stopping;
    private readonly FlowExecution _execution;
    private readonly FlowSteps _steps;
    private readonly List<FlowEntry> _turn = [];
    private readonly Signal _signal = new();
    private string? _storedStatus;
    private int _entries;
    private volatile bool _lost;

    public FlowRun(FlowClaim claim, FlowRunServices services, CancellationToken stopping)
    {
        (_claim, _services, _stopping) = (claim, services, stopping);
        _storedStatus = claim.CustomStatus;
        _steps = new FlowSteps(claim, services.Steps, _signal, stopping);
        _execution = new FlowExecution(claim, services.Flows, services.Ids, _signal.Set);
    }

    public FlowLease Lease => _claim.Lease;

    private string? NewStatus => string.Equals(_execution.CustomStatus, _storedStatus, StringComparison.Ordinal) ? null : _execution.CustomStatus;

    /// <summary>Looks for events at once.</summary>
    public void Wake() => _signal.Set();

    /// <summary>The lease is another's: the steps are stopped and nothing more is written.</summary>
    public void Lose()
    {
        _lost = true;
        _steps.Stop();
        _signal.Set();
    }

    /// <summary>Runs until there is nothing more to do here. Journal errors come out; the flow then goes on when its lease ran out.</summary>
    /// <param name="abandoned">Ends at once and writes nothing more.</param>
    public async Task RunAsync(CancellationToken abandoned)
    {
        try
        {
            await ReplayAsync(abandoned);
            while (await TurnAsync(abandoned))
            {
                StartSteps(abandoned);
                await WaitAsync(abandoned);
            }
        }
        finally
        {
            // Two runs of a flow in one process must not overlap: the place is free when the last step is back.
            await _steps.StopAsync();
        }
    }

    public void Dispose() => _steps.Dispose();

    private async Task ReplayAsync(CancellationToken abandoned)
    {
        var history = await _services.Journal.LoadAsync(Lease.FlowId, abandoned);
        _entries = history.Entries.Count;
        _services.Logger.Taken(_claim.Flow, Lease.FlowId, _entries);
        _execution.Inbox.Receive(history.Events);
        _execution.Start();
        foreach (var entry in history.Entries)
        {
            _execution.Apply(entry);
            if (_execution.Defect is not null)
            {
                return;
            }
        }
    }

    /// <returns>Whether the flow goes on here.</returns>
    private async Task<bool> TurnAsync(CancellationToken abandoned)
    {
        var now = _services.Now();
        _execution.Settle(_steps, now, _turn);
        var next = _execution.Next(_steps.Open, _stopping.IsCancellationRequested, now);
        if (next is FlowNext.Continue && _turn.Count == 0 && NewStatus is null && !_lost)
        {
            return true;
        }

        var commit = _lost ? FlowCommit.Lost : await CommitAsync(next, abandoned);
        if (!commit.Held)
        {
            _services.Logger.LeaseLost(_claim.Flow, Lease.FlowId);
            return false;
        }

        Tell(next, commit);
        _turn.Clear();
        if (commit.NewEvents.Count > 0)
        {
            _execution.Inbox.Receive(commit.NewEvents);
            _signal.Set();
        }

        return !commit.Suspended && next is not FlowNext.End;
    }

    private async Task<FlowCommit> CommitAsync(FlowNext next, CancellationToken abandoned)
    {
        abandoned.ThrowIfCancellationRequested();
        var began = Stopwatch.GetTimestamp();
        var commit = await _services.Journal.CommitAsync(Lease, new FlowTurn(_entries, _turn, NewStatus, _execution.Inbox.Seen, next), abandoned);
        _services.Metrics.Commit(Stopwatch.GetElapsedTime(began));
        _storedStatus = _execution.CustomStatus ?? _storedStatus;
        _entries += _turn.Count;
        return commit;
    }

    private void Tell(FlowNext next, FlowCommit commit)
    {
        foreach (var entry in _turn.Where(e => e.Attempt > 0))
        {
            var error = entry.Kind is FlowEntryKind.StepCompleted ? null : entry.Payload;
            _services.Observers.OnStepJournalled(new StepStage(_claim.Flow, entry.Name, new StepKey(Lease.FlowId, entry.Sequence, entry.Attempt), error));
        }

        if (next is FlowNext.End end)
        {
            _services.Ended(_claim, end, _execution, _storedStatus);
        }
        else if (commit.Suspended)
        {
            _services.Observers.OnFlowWaiting(_claim.Flow, Lease.FlowId);
        }
    }

    private void StartSteps(CancellationToken abandoned)
    {
        abandoned.ThrowIfCancellationRequested();
        if (_stopping.IsCancellationRequested || _lost)
        {
            return;
        }

        foreach (var call in _execution.ReadySteps(_services.Now()).ToList())
        {
            _steps.Start(call);
        }
    }

    /// <summary>Waits until a step returned, an event came or a time passed. Without a step that runs there is nothing to wait for here.</summary>
    private async Task WaitAsync(CancellationToken abandoned)
    {
        if (_steps.Open == 0)
        {
            return;
        }

        var waitsForEvent = _execution.Pending.Any(call => call is EventCall);
        if (!_steps.HasOutcome && !_lost)
        {
            var clock = _execution.NextWake() - _services.Now() ?? TimeSpan.MaxValue;
            await _signal.WaitAsync(waitsForEvent && _services.PollInterval < clock ? _services.PollInterval : clock, _services.Time, abandoned);
        }

        await _steps.SweepAsync();
        if (waitsForEvent)
        {
            _execution.Inbox.Receive(await _services.Journal.LoadEventsAsync(Lease.FlowId, _execution.Inbox.Seen, abandoned));
        }
    }
}
