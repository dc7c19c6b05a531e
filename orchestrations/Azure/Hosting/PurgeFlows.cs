using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Azure.Flows.Hosting;

/// <summary>Deletes flows that ended before a time (<c>Flows:Retention</c>) from the task hub: some of them at each call.</summary>
/// <remarks>The hub can be asked by the time of a start alone, so what is looked at is bounded too. A flow's end is read from the instance itself.</remarks>
internal sealed class PurgeFlows(IOptions<FlowEngineOptions> options, TimeProvider time, ILogger<PurgeFlows> logger)
{
    /// <summary>Each ten minutes.</summary>
    public const string Schedule = "40 */10 * * * *";

    private const int PageSize = 100;
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(4);

    /// <summary>Deletes what ended long enough ago, for a bounded time.</summary>
    /// <returns>How many were deleted.</returns>
    public async Task<int> RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var before = time.GetUtcNow() - options.Value.Retention;
        var ended = client.GetAllInstancesAsync(new OrchestrationQuery(CreatedTo: before, Statuses: FlowStates.Ended, PageSize: PageSize));
        var count = 0;
        await foreach (var instance in ended.WithCancellation(cancellationToken))
        {
            if (time.GetElapsedTime(began) > Budget)
            {
                break;
            }

            if (instance.LastUpdatedAt < before)
            {
                count += (await client.PurgeInstanceAsync(instance.InstanceId, cancellationToken)).PurgedInstanceCount;
            }
        }

        if (count > 0)
        {
            logger.Purged(count, before);
        }

        return count;
    }
}
