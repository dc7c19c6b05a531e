using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Orchestrations.Durable;

/// <summary>Calls of steps over all their attempts. The attempts are the platform's own, not the host's retries: each has its number, and a step's failure is an answer.</summary>
/// <param name="host">The host.</param>
/// <param name="observers">Told once of each answer.</param>
/// <param name="ended">The flow ended: nothing more is waited for.</param>
internal sealed class StepCalls(IDurableHost host, FlowObservers observers, CancellationToken ended)
{
    // A lost run is no attempt, but a step that ends its process each time must not do so for ever.
    private static readonly TimeSpan[] AfterLoss = [TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    /// <summary>Runs a step until it succeeds or may not be tried again.</summary>
    /// <returns>Its output.</returns>
    /// <exception cref="StepFailedException">It failed on its last attempt.</exception>
    public async Task<string> RunAsync(StepRequest call, RetryPolicy retry)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await AttemptAsync(call with { Attempt = attempt });
            if (answer.OutputJson is { } output)
            {
                return output;
            }

            if (!answer.Retryable || attempt >= retry.MaxAttempts)
            {
                throw new StepFailedException(call.Step, answer.Error ?? "");
            }

            await WaitAsync(retry.DelayAfter(attempt));
        }
    }

    private async Task<StepAnswer> AttemptAsync(StepRequest request)
    {
        var json = DocumentJson.ToText(request);
        for (var losses = 0; ; losses++)
        {
            try
            {
                return Take(request, DocumentJson.Deserialize<StepAnswer>(await host.RunStepAsync(json)));
            }
            catch (StepLostException lost) when (losses == AfterLoss.Length)
            {
                return Take(request, new StepAnswer(request.Step, request.Sequence, null, lost.Message, Retryable: true));
            }
            catch (StepLostException)
            {
                await WaitAsync(AfterLoss[losses]);
            }
        }
    }

    private StepAnswer Take(StepRequest request, StepAnswer answer)
    {
        if (answer.Sequence != request.Sequence || !string.Equals(answer.Step, request.Step, StringComparison.Ordinal))
        {
            throw FlowDefectException.Diverged($"its call {request.Sequence} is step '{request.Step}', its journal has call {answer.Sequence}, step '{answer.Step}'");
        }

        if (!host.IsReplaying)
        {
            observers.OnStepJournalled(new StepStage(request.Flow, request.Step, new StepKey(request.FlowId, request.Sequence, request.Attempt), answer.Error));
        }

        return answer;
    }

    private Task WaitAsync(TimeSpan delay) => delay > TimeSpan.Zero ? host.WaitUntilAsync(host.Now + delay, ended) : Task.CompletedTask;
}
