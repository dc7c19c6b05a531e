using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace MidnightOS.Midnight.Chain;

/// <summary>The resilience of one upstream, from the outside in: total time-out, retry, circuit breaker, time-out of an attempt.</summary>
internal static class UpstreamPipeline
{
    public static ResiliencePipeline Build(
        string upstream, ChainResilienceOptions options, TimeProvider time, ChainMetrics metrics, ILogger logger)
    {
        metrics.Circuit(upstream, CircuitState.Closed);
        var builder = new ResiliencePipelineBuilder { TimeProvider = time, Name = upstream };
        builder.AddTimeout(options.TotalTimeout);
        if (options.Retries > 0)
        {
            builder.AddRetry(Retry(upstream, options, metrics, logger));
        }

        return builder.AddCircuitBreaker(Breaker(upstream, options, metrics, logger)).AddTimeout(options.AttemptTimeout).Build();
    }

    private static RetryStrategyOptions Retry(string upstream, ChainResilienceOptions options, ChainMetrics metrics, ILogger logger) => new()
    {
        ShouldHandle = static arguments => ValueTask.FromResult(IsTransient(arguments.Outcome.Exception)),
        MaxRetryAttempts = options.Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = options.RetryDelay,
        MaxDelay = options.MaxRetryDelay,
        DelayGenerator = arguments => ValueTask.FromResult(Asked(arguments.Outcome.Exception, options.MaxRetryDelay)),
        OnRetry = arguments =>
        {
            metrics.Retried(upstream);
            var problem = arguments.Outcome.Exception?.Message ?? "";
            ChainLog.Retrying(logger, upstream, "call", problem, arguments.AttemptNumber + 2, arguments.RetryDelay);
            return ValueTask.CompletedTask;
        },
    };

    private static CircuitBreakerStrategyOptions Breaker(string upstream, ChainResilienceOptions options, ChainMetrics metrics, ILogger logger) => new()
    {
        ShouldHandle = static arguments => ValueTask.FromResult(IsTransient(arguments.Outcome.Exception)),
        FailureRatio = options.FailureRatio,
        MinimumThroughput = options.MinimumThroughput,
        SamplingDuration = options.SamplingDuration,
        BreakDuration = options.BreakDuration,
        OnOpened = arguments =>
        {
            metrics.Circuit(upstream, CircuitState.Open);
            ChainLog.CircuitOpened(logger, upstream, arguments.BreakDuration);
            return ValueTask.CompletedTask;
        },
        OnHalfOpened = _ =>
        {
            metrics.Circuit(upstream, CircuitState.Trying);
            return ValueTask.CompletedTask;
        },
        OnClosed = _ =>
        {
            metrics.Circuit(upstream, CircuitState.Closed);
            ChainLog.CircuitClosed(logger, upstream);
            return ValueTask.CompletedTask;
        },
    };

    // An answer that is too large stays too large; every other fault below HTTP may pass.
    private static bool IsTransient(Exception? exception) => exception switch
    {
        UpstreamStatusException status => status.IsTransient,
        HttpRequestException request => request.HttpRequestError is not HttpRequestError.ConfigurationLimitExceeded,
        IOException or JsonException or TimeoutRejectedException => true,
        _ => false,
    };

    // What the server asks for, within our own bound; null leaves it to the back-off.
    private static TimeSpan? Asked(Exception? exception, TimeSpan most) =>
        exception is UpstreamStatusException { RetryAfter: { } asked } && asked > TimeSpan.Zero ? (asked < most ? asked : most) : null;
}
