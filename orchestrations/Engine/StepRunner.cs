using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Telemetry;
using MidnightOS.Orchestrations.Registry;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>How an attempt of a step ended.</summary>
/// <param name="Key">The attempt.</param>
/// <param name="OutputJson">Its output; null unless it succeeded.</param>
/// <param name="Error">What it threw; null unless it failed.</param>
/// <param name="Retryable">Whether another attempt can end otherwise.</param>
internal sealed record StepOutcome(StepKey Key, string? OutputJson, string? Error, bool Retryable = true)
{
    /// <summary>The host stopped it: the same attempt will run again.</summary>
    public bool Stopped => OutputJson is null && Error is null;
}

/// <summary>Runs one attempt of a step.</summary>
internal sealed class StepRunner(IStepRegistry steps, FlowObservers observers, FlowMetrics metrics, ILogger<StepRunner> logger)
{
    private const int MaxErrorLength = 2000;

    /// <param name="flow">The flow's name.</param>
    /// <param name="traceParent">The flow's trace; null for none.</param>
    /// <param name="step">The step's name.</param>
    /// <param name="key">The attempt.</param>
    /// <param name="inputJson">The step's input.</param>
    /// <param name="cancellationToken">The host stops.</param>
    public async Task<StepOutcome> RunAsync(string flow, string? traceParent, string step, StepKey key, string inputJson, CancellationToken cancellationToken)
    {
        var stage = new StepStage(flow, step, key);
        observers.OnStepStarting(stage);
        using var activity = FlowMetrics.Activities.Follow("step", step, traceParent);
        activity?.SetTag("flow", flow).SetTag("flow.id", key.FlowId).SetTag("step", step).SetTag("attempt", key.Attempt);
        var began = Stopwatch.GetTimestamp();
        var outcome = await AttemptAsync(step, key, inputJson, cancellationToken);
        var ended = outcome.Stopped ? "stopped" : outcome.Error is null ? "completed" : "failed";
        metrics.Step(step, key.Attempt, ended, Stopwatch.GetElapsedTime(began));
        activity?.SetTag("outcome", ended).SetStatus(outcome.Error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        observers.OnStepReturned(stage with { Error = outcome.Error });
        return outcome;
    }

    private async Task<StepOutcome> AttemptAsync(string step, StepKey key, string inputJson, CancellationToken cancellationToken)
    {
        try
        {
            return new StepOutcome(key, await steps.InvokeAsync(step, key, inputJson, cancellationToken), null);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever a stopped step throws says nothing of its work: it is not counted as an attempt.
            logger.StepStopped(step, key.FlowId, key.Sequence);
            return new StepOutcome(key, null, null);
        }
        catch (Exception exception)
        {
            logger.StepThrew(exception, step, key.FlowId, key.Sequence, key.Attempt);
            var error = exception.Message.Length <= MaxErrorLength ? exception.Message : exception.Message[..MaxErrorLength];
            return new StepOutcome(key, null, error, exception is not FlowPayloadTooLargeException);
        }
    }
}
