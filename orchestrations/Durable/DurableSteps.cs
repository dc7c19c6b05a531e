using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Orchestrations.Durable;

/// <summary>Runs one attempt of a step. It is the body of the one activity.</summary>
internal sealed class DurableSteps(StepRunner steps)
{
    /// <summary>Runs it.</summary>
    /// <param name="requestJson">A <see cref="StepRequest"/>.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <returns>A <see cref="StepAnswer"/>, also when the step threw.</returns>
    /// <exception cref="OperationCanceledException">The host stopped it: it is run again as the same attempt.</exception>
    public async Task<string> RunAsync(string requestJson, CancellationToken cancellationToken)
    {
        var request = DocumentJson.Deserialize<StepRequest>(requestJson);
        var key = new StepKey(request.FlowId, request.Sequence, request.Attempt);
        var outcome = await steps.RunAsync(request.Flow, request.TraceParent, request.Step, key, request.InputJson, cancellationToken);
        return outcome.Stopped
            ? throw new OperationCanceledException("The host stops; the step will be run again.", cancellationToken)
            : DocumentJson.ToText(new StepAnswer(request.Step, request.Sequence, outcome.OutputJson, outcome.Error, outcome.Retryable));
    }
}
