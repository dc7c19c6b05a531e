using Microsoft.Extensions.Logging;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Orchestrations.Durable;

/// <summary>Runs the flow of an instance. It is the body of the one orchestrator, so it awaits nothing but the flow.</summary>
internal sealed class DurableFlows(IFlowRegistry flows, IIdGenerator ids, FlowObservers observers, FlowMetrics metrics, ILogger<DurableFlows> logger)
{
    private const int MaxErrorLength = 2000;

    /// <summary>Runs or replays a flow.</summary>
    /// <param name="host">The instance.</param>
    /// <param name="startJson">Its input, a <see cref="FlowStart"/>.</param>
    /// <returns>The flow's output, as JSON.</returns>
    /// <exception cref="FlowFailedException">The flow threw. The host ends the instance as failed with this message.</exception>
    public async Task<string> RunAsync(IDurableHost host, string startJson)
    {
        var start = DocumentJson.Deserialize<FlowStart>(startJson);
        var status = new StatusOf(host);
        using var context = new DurableFlowContext(status, start, ids, observers);
        try
        {
            var output = await flows.RunAsync(start.Flow, context, start.InputJson);
            Ended(status, start, new FlowState(host.InstanceId, start.Flow, FlowStatus.Completed, status.Last, output, null));
            logger.Completed(start.Flow, host.InstanceId);
            return output;
        }
        catch (Exception exception)
        {
            var error = exception.Message.Length <= MaxErrorLength ? exception.Message : exception.Message[..MaxErrorLength];
            Ended(status, start, new FlowState(host.InstanceId, start.Flow, FlowStatus.Failed, status.Last, null, error));
            Log(exception, start, host);
            throw new FlowFailedException(error);
        }
    }

    private void Log(Exception exception, FlowStart start, IDurableHost host)
    {
        if (exception is FlowDefectException)
        {
            logger.Defect(exception, start.Flow, host.InstanceId);
        }
        else
        {
            logger.Failed(exception, start.Flow, host.InstanceId);
        }
    }

    // An end is never replayed: it is the last thing that an instance does.
    private void Ended(IDurableHost host, FlowStart start, FlowState state)
    {
        metrics.Ended(start.Flow, host.InstanceId, start.TraceParent, start.At, state.Status, host.Now);
        observers.OnFlowEnded(state);
    }

    /// <summary>The host, with what the flow last set as its status.</summary>
    private sealed class StatusOf(IDurableHost host) : IDurableHost
    {
        public string? Last { get; private set; }

        public string InstanceId => host.InstanceId;

        public bool IsReplaying => host.IsReplaying;

        public DateTimeOffset Now => host.Now;

        public Task<string> RunStepAsync(string requestJson) => host.RunStepAsync(requestJson);

        public Task WaitUntilAsync(DateTimeOffset due, CancellationToken cancelled) => host.WaitUntilAsync(due, cancelled);

        public Task<string> NextEventAsync() => host.NextEventAsync();

        public void SetCustomStatus(string status)
        {
            Last = status;
            host.SetCustomStatus(status);
        }
    }
}

/// <summary>A flow threw; the message is what it threw with.</summary>
internal sealed class FlowFailedException(string message) : Exception(message);
