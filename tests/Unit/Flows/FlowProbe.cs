using System.Collections.Concurrent;
using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>Sees all that the hosts of a test do, lets the test wait for it, and acts at a boundary.</summary>
public sealed class FlowProbe : IFlowObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<FlowState>> _ended = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _waiting = new(StringComparer.Ordinal);

    public ConcurrentQueue<StepStage> Started { get; } = new();

    public ConcurrentQueue<StepStage> Returned { get; } = new();

    public ConcurrentQueue<StepStage> Journalled { get; } = new();

    /// <summary>How often a flow was reported as ended.</summary>
    public ConcurrentDictionary<string, int> Ends { get; } = new(StringComparer.Ordinal);

    public Action<StepStage>? AtStart { get; set; }

    public Action<StepStage>? AtReturn { get; set; }

    public Action<StepStage>? AtJournal { get; set; }

    /// <summary>The flow's end, past or future.</summary>
    public Task<FlowState> EndAsync(string id) => Ended(id).Task.WaitAsync(Patience);

    /// <summary>The next time that the flow waits; each is given once.</summary>
    public async Task WaitingAsync(string id) =>
        Assert.True(await Waiting(id).WaitAsync(Patience), $"The flow {id} did not come to wait.");

    public void OnStepStarting(StepStage stage)
    {
        Started.Enqueue(stage);
        AtStart?.Invoke(stage);
    }

    public void OnStepReturned(StepStage stage)
    {
        Returned.Enqueue(stage);
        AtReturn?.Invoke(stage);
    }

    public void OnStepJournalled(StepStage stage)
    {
        Journalled.Enqueue(stage);
        AtJournal?.Invoke(stage);
    }

    public void OnFlowWaiting(string flow, string flowId) => Waiting(flowId).Release();

    public void OnFlowEnded(FlowState state)
    {
        Ends.AddOrUpdate(state.Id, 1, (_, count) => count + 1);
        Ended(state.Id).TrySetResult(state);
    }

    private TaskCompletionSource<FlowState> Ended(string id) =>
        _ended.GetOrAdd(id, _ => new TaskCompletionSource<FlowState>(TaskCreationOptions.RunContinuationsAsynchronously));

    private SemaphoreSlim Waiting(string id) => _waiting.GetOrAdd(id, _ => new SemaphoreSlim(0));
}
