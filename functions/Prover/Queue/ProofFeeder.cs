using Microsoft.Extensions.Logging;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Queue;

/// <summary>Brings stored jobs into the line, of each tenant only the next few.</summary>
internal sealed class ProofFeeder(ProofLine line, FindProofWork find, ProofJobSide jobs, ProofSignal signal, ILogger<ProofFeeder> logger) : RepeatedWork(logger)
{
    // Jobs that another host accepted, or lost, are seen after this long at the latest.
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(2);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        signal.Watch(OnChanged);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await line.CloseAsync().WaitAsync(cancellationToken);
    }

    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var stored = new Dictionary<TenantId, int>();
        foreach (var marker in await find.MarkersAsync(cancellationToken))
        {
            try
            {
                if (await FeedAsync(marker, cancellationToken) is > 0 and var elsewhere)
                {
                    stored[marker.Tenant] = elsewhere;
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                QueueLog.TenantFailed(logger, exception, marker.Tenant);
            }
        }

        line.SetStored(stored);
    }

    protected override async Task PauseAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(LookAfter);
        if (await signal.Work.WaitToReadAsync(either.Token))
        {
            while (signal.Work.TryRead(out _))
            {
            }
        }
    }

    /// <returns>How many of the tenant's jobs wait that are not in the line.</returns>
    private async Task<int> FeedAsync(TenantMarker marker, CancellationToken cancellationToken)
    {
        var work = await find.LookAsync(marker, line.JobsAhead, cancellationToken);
        foreach (var job in work.Next)
        {
            if (line.AddJob(marker.Tenant, job) is { } call)
            {
                await jobs.AdoptAsync(call, cancellationToken);
            }
        }

        return work.Waiting - line.CountJobs(marker.Tenant);
    }

    private void OnChanged(TenantId tenant, ProofJob job)
    {
        if (job.Status is ProofJobStatus.Cancelled)
        {
            line.StopJob(job.Id);
        }
        else if (ProofJobTransitions.IsFinal(job.Status))
        {
            // The line holds only the next of each tenant: one that ended makes room.
            signal.Look(tenant);
        }
    }
}
