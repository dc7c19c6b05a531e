using MidnightOS.Core.Flows;
using MidnightOS.Core.Telemetry;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>Writes to the journal and wakes this host's engine.</summary>
internal sealed class EmbeddedFlowClient(IFlowJournal journal, IFlowRegistry flows, FlowEngine engine, FlowMetrics metrics, TimeProvider time) : IFlowClient
{
    public async Task<bool> StartAsync(string flow, string id, string inputJson, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (!flows.Names.Contains(flow))
        {
            throw new InvalidOperationException($"No flow named '{flow}' is registered; add it with AddFlow.");
        }

        var input = FlowLimits.Check(inputJson, "The flow's input");
        if (!await journal.CreateAsync(new NewFlow(id, flow, input, time.GetUtcNow()) { TraceParent = TraceParent.Current }, cancellationToken))
        {
            return false;
        }

        metrics.Started(flow);
        engine.Wake(id);
        return true;
    }

    public async Task RaiseAsync(string id, string eventId, string name, string payloadJson, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventId);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var payload = FlowLimits.Check(payloadJson, $"The payload of event '{name}'");
        if (await journal.RaiseAsync(new NewFlowEvent(id, eventId, name, payload, time.GetUtcNow()), cancellationToken))
        {
            engine.Wake(id);
        }
    }

    public Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) => journal.FindAsync(id, cancellationToken);
}
