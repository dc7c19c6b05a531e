using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Azure.Flows.Hosting;
using MidnightOS.Core.Maintenance;

namespace MidnightOS.Azure.Flows.Functions;

/// <summary>The background works of this app, by timer: those that need the wallets' key or the task hub.</summary>
/// <param name="services">The app's services.</param>
public sealed class WorkFunctions(IServiceProvider services)
{
    private RunPlannedWork Work => services.GetRequiredService<RunPlannedWork>();

    /// <summary>Erases seeds whose time is up, and wraps data keys under the newest version of the wallets' key.</summary>
    [Function("work-custody")]
    public Task Custody([TimerTrigger(WorkPlan.Minute)] TimerInfo timer, CancellationToken cancellationToken) => Work.RunAsync(WorkPlan.Custody, cancellationToken);

    /// <summary>Finds flows that were lost. It looks at the task hub.</summary>
    [Function("work-open-work")]
    public Task OpenWork([TimerTrigger(WorkPlan.Minute)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        services.GetRequiredService<HubClient>().Keep(client);
        return Work.RunAsync(WorkPlan.OpenWork, cancellationToken);
    }

    /// <summary>Carries over what proof jobs tell, should their message be lost.</summary>
    [Function("work-proof-news")]
    public Task ProofNews([TimerTrigger(WorkPlan.QuarterMinute)] TimerInfo timer, CancellationToken cancellationToken) => Work.RunAsync(WorkPlan.ProofNews, cancellationToken);

    /// <summary>Deletes flows that ended long ago from the task hub.</summary>
    [Function("work-purge-flows")]
    public Task PurgeEnded([TimerTrigger(PurgeFlows.Schedule)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        services.GetRequiredService<PurgeFlows>().RunAsync(client, cancellationToken);
}
