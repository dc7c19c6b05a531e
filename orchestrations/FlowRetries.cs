using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations;

/// <summary>Retry policies of the flows.</summary>
internal static class FlowRetries
{
    private static readonly TimeSpan BetweenDays = TimeSpan.FromMinutes(10);

    /// <summary>For what must not be given up because of an outage: about a day.</summary>
    public static RetryPolicy Persistent { get; } = new(1500, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromMinutes(1));

    /// <summary>For what has not left the platform yet and may be given up: about an hour.</summary>
    public static RetryPolicy Patient { get; } = new(130, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromSeconds(30));

    /// <summary>Calls a step for as long as it takes: what it does must be done, and the flow has nothing else to do.</summary>
    public static async Task<TOutput> InsistAsync<TInput, TOutput>(IFlowContext context, StepName<TInput, TOutput> step, TInput input)
    {
        while (true)
        {
            try
            {
                return await context.CallAsync(step, input, Persistent);
            }
            catch (StepFailedException)
            {
                await context.DelayAsync(BetweenDays);
            }
        }
    }
}
