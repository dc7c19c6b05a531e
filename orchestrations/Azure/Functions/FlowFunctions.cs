using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Azure.Flows.Hosting;
using MidnightOS.Orchestrations.Durable;

namespace MidnightOS.Azure.Flows.Functions;

/// <summary>The one orchestrator, which runs every flow, and the one activity, which runs every step. Flow and step are named in what they are given.</summary>
/// <remarks>Public: functions of an internal class are called by reflection, through services of another call that may be gone by then. What these need is internal, so it is asked for.</remarks>
/// <param name="services">The app's services.</param>
public sealed class FlowFunctions(IServiceProvider services)
{
    /// <summary>Runs or replays a flow. It awaits nothing but the flow.</summary>
    [Function(DurableNames.Flow)]
    public Task<string> RunFlow([OrchestrationTrigger] TaskOrchestrationContext context) =>
        services.GetRequiredService<DurableFlows>().RunAsync(new DurableInstance(context), context.GetInput<string>()!);

    /// <summary>Runs one attempt of a step. When the host stops it throws, so that the attempt is given to another instance.</summary>
    [Function(DurableNames.Step)]
    public Task<string> RunStep([ActivityTrigger] string request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        services.GetRequiredService<HubClient>().Keep(client);
        return services.GetRequiredService<DurableSteps>().RunAsync(request, cancellationToken);
    }
}
