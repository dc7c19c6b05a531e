using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Telemetry;
using MidnightOS.Orchestrations.Durable;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Azure.Flows.Hosting;

/// <summary>Starts flows as instances of the one orchestrator, and raises events to them.</summary>
/// <param name="client">Gives the task hub's client.</param>
/// <param name="flows">The flows that this app knows.</param>
/// <param name="metrics">Counts starts.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of events that nobody waits for.</param>
internal sealed class DurableFlowClient(Func<DurableTaskClient> client, IFlowRegistry flows, FlowMetrics metrics, TimeProvider time, ILogger<DurableFlowClient> logger) : IFlowClient
{
    public async Task<bool> StartAsync(string flow, string id, string inputJson, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (!flows.Names.Contains(flow))
        {
            throw new InvalidOperationException($"No flow named '{flow}' is registered; add it with AddFlow.");
        }

        var start = new FlowStart(flow, FlowLimits.Check(inputJson, "The flow's input"), time.GetUtcNow(), TraceParent.Current);

        // By default a host lets an instance that ended be overwritten. Asked before, since not every host obeys the option.
        if (await client().GetInstanceAsync(id, cancellationToken) is not null)
        {
            return false;
        }

        var options = new StartOrchestrationOptions(id).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        try
        {
            await client().ScheduleNewOrchestrationInstanceAsync(DurableNames.Flow, DocumentJson.ToText(start), options, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }

        metrics.Started(flow);
        return true;
    }

    public async Task RaiseAsync(string id, string eventId, string name, string payloadJson, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventId);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var raised = new RaisedEvent(eventId, name, FlowLimits.Check(payloadJson, $"The payload of event '{name}'"));

        // A host keeps an event for an instance that is still to come, or makes one of it that never ends.
        if (await client().GetInstanceAsync(id, cancellationToken) is { IsCompleted: false })
        {
            await client().RaiseEventAsync(id, DurableNames.Event, DocumentJson.ToText(raised), cancellationToken);
            return;
        }

        logger.EventDropped(name, id);
    }

    public async Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) =>
        await client().GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } found ? FlowStates.Of(found) : null;
}
