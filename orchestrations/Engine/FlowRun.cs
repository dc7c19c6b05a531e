using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>One flow that this host holds: replays it, then goes on in turns until it waits, ended, or is no longer this host's.</summary>
/// <remarks>
/// A turn applies all that happened, then writes it with the new custom status and how the flow goes on in one commit, and only then runs the steps that the flow
/// asked for. Nothing leaves the flow before it is journalled, and a step costs one write.
/// </remarks>
internal sealed class FlowRun : IDisposable
{
    private const int MaxTurn = 100;
    private const int MaxErrorLength = 2000;

    private readonly FlowClaim _claim;
    private readonly FlowRunServices _services;
    private readonly CancellationToken _stopping;
    private readonly FlowExecution _execution;
    private readonly ConcurrentQueue<StepOutcome> _outcomes = new();
    private readonly List<Task> _steps = [];
    private readonly List<FlowEntry> _turn = [];
    private readonly CancellationTokenSource _stepsStop;
    private readonly Signal _signal = new();
    private string? _storedStatus;
    private int _entries;
    private int _running;
    private volatile bool _lost;

    public FlowRun(FlowClaim claim, FlowRunServices services, CancellationToken stopping)
    {
        (_claim, _services, _stopping) = (claim, services, stopping);
        _storedStatus = claim.CustomStatus;
        _stepsStop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _execution = new FlowExecution(claim, services.Flows, services.Ids, _signal.Set);
    }

    public FlowLease Lease => _claim.Lease;

    /// <summary>Looks for events at once.</summary>
    public void Wake() => _signal.Set();

    /// <summary>The lease is another's: the steps are stopped and nothing more is written.</summary>
    public void Lose()
    {
        _lost = true;
        _stepsStop.Cancel();
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
                await NextAsync(abandoned);
            }
        }
        finally
        {
            // Two runs of a flow in one process must not overlap: the place is free when the last step is back.
            await _stepsStop.CancelAsync();
            await Task.WhenAll(_steps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _stepsStop.Dispose();

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
        Settle();
        var next = Next();
        if (next is FlowNext.Continue && _turn.Count == 0 && !StatusChanged)
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

    private bool StatusChanged => !string.Equals(_execution.CustomStatus, _storedStatus, StringComparison.Ordinal) && _execution.CustomStatus is not null;

    /// <summary>Applies what steps returned, then what the inbox and the clock bring.</summary>
    private void Settle()
    {
        var now = _services.Now();
        _execution.Check();
        while (!_execution.Ended && _outcomes.TryDequeue(out var outcome))
        {
            _running--;
            if (_execution.FindStep(outcome.Key.Sequence) is { } call)
            {
                call.Running = false;
                if (!outcome.Stopped)
                {
                    Take(ToEntry(call, outcome, now));
                }
            }
        }

        while (!_execution.Ended && _turn.Count < MaxTurn && _execution.NextDue(now) is { } due)
        {
            Take(due);
        }
    }

    private void Take(FlowEntry entry)
    {
        _turn.Add(entry);
        _execution.Apply(entry);
    }

    private static FlowEntry ToEntry(StepCall call, StepOutcome outcome, DateTimeOffset now)
    {
        var kind = outcome.Error is null ? FlowEntryKind.StepCompleted
            : outcome.Retryable && outcome.Key.Attempt < call.Retry.MaxAttempts ? FlowEntryKind.AttemptFailed
            : FlowEntryKind.StepFailed;
        return new FlowEntry(call.Sequence, kind, call.Name, now)
        {
            Payload = outcome.OutputJson ?? outcome.Error,
            Attempt = outcome.Key.Attempt,
            RetryAt = kind is FlowEntryKind.AttemptFailed ? now + call.Retry.DelayAfter(outcome.Key.Attempt) : null,
        };
    }

    private FlowNext Next()
    {
        if (_execution.Ended)
        {
            return _execution.Failure is { } failure
                ? new FlowNext.End(FlowStatus.Failed, null, Shorten(failure.Message), _services.Now())
                : new FlowNext.End(FlowStatus.Completed, _execution.Output, null, _services.Now());
        }

        if (_running > 0)
        {
            return new FlowNext.Continue();
        }

        if (_stopping.IsCancellationRequested)
        {
            return new FlowNext.Suspend(_services.Now());
        }

        return ReadySteps().Any() || _execution.NextDue(_services.Now()) is not null ? new FlowNext.Continue() : new FlowNext.Suspend(_execution.NextWake());
    }

    private static string Shorten(string error) => error.Length <= MaxErrorLength ? error : error[..MaxErrorLength];

    private async Task<FlowCommit> CommitAsync(FlowNext next, CancellationToken abandoned)
    {
        abandoned.ThrowIfCancellationRequested();
        var status = StatusChanged ? _execution.CustomStatus : null;
        var began = Stopwatch.GetTimestamp();
        var commit = await _services.Journal.CommitAsync(Lease, new FlowTurn(_entries, _turn, status, _execution.Inbox.Seen, next), abandoned);
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

    private IEnumerable<StepCall> ReadySteps()
    {
        var now = _services.Now();
        return _execution.Pending.OfType<StepCall>().Where(s => !s.Running && (s.DueAt ?? now) <= now);
    }

    /// <summary>Starts the steps that are due and waits until something happens.</summary>
    private async Task NextAsync(CancellationToken abandoned)
    {
        abandoned.ThrowIfCancellationRequested();
        if (!_stopping.IsCancellationRequested && !_lost)
        {
            foreach (var call in ReadySteps().ToList())
            {
                call.Running = true;
                _running++;
                var key = new StepKey(Lease.FlowId, call.Sequence, call.Attempt);
                _steps.Add(Task.Run(() => RunStepAsync(call, key), CancellationToken.None));
            }
        }

        if (_running == 0)
        {
            return;
        }

        var waitsForEvent = _execution.Pending.Any(c => c is EventCall);
        var clock = _execution.NextWake() - _services.Now() ?? TimeSpan.MaxValue;
        var timeout = waitsForEvent && _services.PollInterval < clock ? _services.PollInterval : clock;
        if (_outcomes.IsEmpty && !_lost)
        {
            await _signal.WaitAsync(timeout, _services.Time, abandoned);
        }

        foreach (var done in _steps.FindAll(s => s.IsCompleted))
        {
            _steps.Remove(done);
            await done;
        }

        if (waitsForEvent)
        {
            _execution.Inbox.Receive(await _services.Journal.LoadEventsAsync(Lease.FlowId, _execution.Inbox.Seen, abandoned));
        }
    }

    private async Task RunStepAsync(StepCall call, StepKey key)
    {
        try
        {
            _outcomes.Enqueue(await _services.Steps.RunAsync(_claim.Flow, call.Name, key, call.InputJson, _stepsStop.Token));
        }
        finally
        {
            _signal.Set();
        }
    }
}
