using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>All observers as one.</summary>
internal sealed class FlowObservers(IEnumerable<IFlowObserver> observers) : IFlowObserver
{
    private readonly IFlowObserver[] _observers = [.. observers];

    public void OnStepStarting(StepStage stage) => Array.ForEach(_observers, o => o.OnStepStarting(stage));

    public void OnStepReturned(StepStage stage) => Array.ForEach(_observers, o => o.OnStepReturned(stage));

    public void OnStepJournalled(StepStage stage) => Array.ForEach(_observers, o => o.OnStepJournalled(stage));

    public void OnFlowWaiting(string flow, string flowId) => Array.ForEach(_observers, o => o.OnFlowWaiting(flow, flowId));

    public void OnFlowEnded(FlowState state) => Array.ForEach(_observers, o => o.OnFlowEnded(state));
}
