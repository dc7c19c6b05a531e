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
        using var context = new DurableFlowContext(host, start, ids, observers);
        try
        {
            var output = await flows.RunAsync(start.Flow, context, start.InputJson);
            logger.Completed(start.Flow, host.InstanceId);
            Count(host, start, FlowStatus.Completed);
            return output;
        }
        catch (Exception exception)
        {
            Log(exception, start, host);
            Count(host, start, FlowStatus.Failed);
            throw new FlowFailedException(exception.Message.Length <= MaxErrorLength ? exception.Message : exception.Message[..MaxErrorLength]);
        }
    }

    // An end is never replayed: it is the last thing that an instance does.
    private void Count(IDurableHost host, FlowStart start, FlowStatus status) =>
        metrics.Ended(start.Flow, host.InstanceId, start.TraceParent, start.At, status, host.Now);

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
}

/// <summary>A flow threw; the message is what it threw with.</summary>
internal sealed class FlowFailedException(string message) : Exception(message);
