namespace MidnightOS.Orchestrations.Engine;

/// <summary>The flow's code breaks the rules of <see cref="Core.Flows.IFlowContext"/>: it cannot be replayed, so it is ended as failed.</summary>
internal sealed class FlowDefectException(string message) : Exception(message)
{
    public static FlowDefectException Foreign() => new(
        "The flow awaited something that is not of its context (a task of its own, Task.Delay, Task.Run, ConfigureAwait(false) or I/O); a flow awaits only what IFlowContext gives.");

    public static FlowDefectException Diverged(string detail) => new(
        $"The flow is not what its journal was written by: {detail}. A changed flow needs a new name; running flows keep the old class.");
}
