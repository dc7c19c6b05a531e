using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using MidnightOS.Azure.Flows.Hosting;
using MidnightOS.Orchestrations.Durable;

namespace MidnightOS.Azure.Flows.Functions;

/// <summary>The one orchestrator, which runs every flow, and the one activity, which runs every step. Flow and step are named in what they are given.</summary>
internal sealed class FlowFunctions(DurableFlows flows, DurableSteps steps, HubClient hub)
{
    /// <summary>Runs or replays a flow. It awaits nothing but the flow.</summary>
    [Function(DurableNames.Flow)]
    public Task<string> RunFlow([OrchestrationTrigger] TaskOrchestrationContext context) =>
        flows.RunAsync(new DurableInstance(context), context.GetInput<string>()!);

    /// <summary>Runs one attempt of a step. When the host stops it throws, so that the attempt is given to another instance.</summary>
    [Function(DurableNames.Step)]
    public Task<string> RunStep([ActivityTrigger] string request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        hub.Keep(client);
        return steps.RunAsync(request, cancellationToken);
    }
}
