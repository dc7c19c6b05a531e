using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>Brings stored jobs into the line, of each tenant only the next few, and keeps those that run held in this process's name.</summary>
internal sealed class ProofFeeder(
    ProofQueue queue, FindProofWork find, ProofJobSide jobs, TenantSlots slots, ProofSignal signal, IProver prover, IOptions<ProofOptions> options, TimeProvider time,
    QueueMetrics metrics, ILogger<ProofFeeder> logger) : BackgroundService
{
    // Jobs that another host accepted, or lost, are seen after this long at the latest.
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(2);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await queue.CloseAsync();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Watch(queue);
        signal.Watch(OnChanged);
        return Task.WhenAll(
            Task.Run(() => LoopAsync(FeedAsync, WaitAsync, stoppingToken), stoppingToken),
            Task.Run(() => LoopAsync(KeepAsync, token => Task.Delay(options.Value.Lease / 3, time, token), stoppingToken), stoppingToken));
    }

    private async Task LoopAsync(Func<CancellationToken, Task> work, Func<CancellationToken, Task> pause, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await work(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                QueueLog.FeedFailed(logger, exception);
            }

            await pause(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FeedAsync(CancellationToken cancellationToken)
    {
        var elsewhere = 0L;
        foreach (var work in await find.TenantsAsync(cancellationToken))
        {
            if (work.Waiting > 0)
            {
                // As many as could begin before the next look, so that the line never runs dry.
                foreach (var job in await find.NextAsync(work.Tenant, 4 * prover.Size, cancellationToken))
                {
                    queue.AddJob(work.Tenant, job);
                }
            }

            elsewhere += Math.Max(0, work.Waiting - queue.CountJobs(work.Tenant));
        }

        queue.StoredWaiting = elsewhere;
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        await slots.RenewAsync(cancellationToken);
        foreach (var task in queue.RunningJobs)
        {
            if (!await jobs.KeepAsync(task, cancellationToken))
            {
                queue.StopJob(task.Name!);
            }
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        either.CancelAfter(LookAfter);
        if (await signal.Work.WaitToReadAsync(either.Token))
        {
            while (signal.Work.TryRead(out _))
            {
            }
        }
    }

    private void OnChanged(TenantId tenant, ProofJob job)
    {
        if (job.Status is ProofJobStatus.Cancelled)
        {
            queue.StopJob(job.Id);
        }
        else if (ProofJobTransitions.IsFinal(job.Status))
        {
            // The line holds only the next of each tenant: one that ended makes room.
            signal.Look(tenant);
        }
    }
}
