using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>The attempts of one flow's steps that run on this host.</summary>
internal sealed class FlowSteps : IDisposable
{
    private readonly FlowClaim _claim;
    private readonly StepRunner _runner;
    private readonly Signal _ended;
    private readonly ConcurrentQueue<StepOutcome> _outcomes = new();
    private readonly List<Task> _tasks = [];

    // Left to the collector: that a lease is lost may be found when the run has just given it back, and a source that is disposed cannot be cancelled.
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _whenStopping;

    /// <param name="claim">The flow.</param>
    /// <param name="runner">Runs them.</param>
    /// <param name="ended">Set when one ended.</param>
    /// <param name="stopping">The host stops: they are stopped.</param>
    public FlowSteps(FlowClaim claim, StepRunner runner, Signal ended, CancellationToken stopping)
    {
        (_claim, _runner, _ended) = (claim, runner, ended);
        _whenStopping = stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _stop);
    }

    /// <summary>How many were started whose outcome was not taken.</summary>
    public int Open { get; private set; }

    /// <summary>Whether an outcome can be taken.</summary>
    public bool HasOutcome => !_outcomes.IsEmpty;

    public void Start(StepCall call)
    {
        call.Running = true;
        Open++;
        var key = new StepKey(_claim.Lease.FlowId, call.Sequence, call.Attempt);
        _tasks.Add(Task.Run(() => RunAsync(call, key), CancellationToken.None));
    }

    public bool TryTake([NotNullWhen(true)] out StepOutcome? outcome)
    {
        var taken = _outcomes.TryDequeue(out outcome);
        Open -= taken ? 1 : 0;
        return taken;
    }

    /// <summary>Forgets those that ended. What came out of the machinery around a step, and so has no outcome, is thrown.</summary>
    public async Task SweepAsync()
    {
        foreach (var done in _tasks.FindAll(task => task.IsCompleted))
        {
            _tasks.Remove(done);
            await done;
        }
    }

    /// <summary>Tells those that run to stop.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Stops those that run and ends when all are back.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _whenStopping.Dispose();

    private async Task RunAsync(StepCall call, StepKey key)
    {
        try
        {
            _outcomes.Enqueue(await _runner.RunAsync(_claim.Flow, _claim.TraceParent, call.Name, key, call.InputJson, _stop.Token));
        }
        finally
        {
            _ended.Set();
        }
    }
}
