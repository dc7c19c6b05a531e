using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Durable;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Azure.Flows.Hosting;

/// <summary>The state of a flow as the task hub tells it.</summary>
internal static class FlowStates
{
    /// <summary>The ways in which an instance ends.</summary>
    public static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>The state of an instance that was read with its inputs and outputs.</summary>
    public static FlowState Of(OrchestrationMetadata instance)
    {
        // Somebody who has the right may start another orchestration in the hub: it has no flow's name.
        var flow = instance.ReadInputAs<string>() is { } start ? DocumentJson.Deserialize<FlowStart>(start).Flow : instance.Name;
        var status = instance.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Completed => FlowStatus.Completed,
            OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated => FlowStatus.Failed,
            _ => FlowStatus.Running,
        };
        var output = status is FlowStatus.Completed ? instance.ReadOutputAs<string>() : null;
        var error = status is FlowStatus.Failed ? ErrorOf(instance.FailureDetails) : null;
        return new FlowState(instance.InstanceId, flow, status, instance.ReadCustomStatusAs<string>(), output, error);
    }

    private static string ErrorOf(TaskFailureDetails? failure) => failure switch
    {
        null => "It was ended by an operator.",
        _ when failure.ErrorType.EndsWith(nameof(NonDeterministicOrchestrationException), StringComparison.Ordinal) => FlowDefectException.Diverged(failure.ErrorMessage).Message,
        _ => failure.ErrorMessage,
    };
}
