namespace MidnightOS.Core.Flows;

/// <summary>Told of each boundary that a flow crosses on this host: for metrics, and for tests that end the process exactly there.</summary>
/// <remarks>Called on the thread that runs the flow, so it must be quick; it must not throw. Any number may be registered. Nothing is told twice for a replay.
/// Durable Task commits out of the sight of those who run its code: there nobody tells that a flow waits or ended.</remarks>
public interface IFlowObserver
{
    /// <summary>An attempt of a step is about to run.</summary>
    void OnStepStarting(StepStage stage)
    {
    }

    /// <summary>The attempt returned or threw; nothing of it is journalled yet, so a crash here runs it again.</summary>
    void OnStepReturned(StepStage stage)
    {
    }

    /// <summary>The attempt's outcome is journalled: it will not run again.</summary>
    void OnStepJournalled(StepStage stage)
    {
    }

    /// <summary>The flow waits for an event or a time and is held by no host.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="flowId">Its id.</param>
    void OnFlowWaiting(string flow, string flowId)
    {
    }

    /// <summary>The flow ended, and that is journalled.</summary>
    void OnFlowEnded(FlowState state)
    {
    }
}

/// <summary>One attempt of a step.</summary>
/// <param name="Flow">The flow's name.</param>
/// <param name="Step">The step's name.</param>
/// <param name="Key">The call and the attempt.</param>
/// <param name="Error">What it threw; null before it ran and when it succeeded.</param>
public readonly record struct StepStage(string Flow, string Step, StepKey Key, string? Error = null);
