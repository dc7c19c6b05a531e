using Microsoft.Extensions.Hosting;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Queue;

namespace MidnightOS.Prover.Messages;

/// <summary>What the line needs beside its work where jobs come with messages: those that are taken back in this process stop, and all stop with the host.</summary>
internal sealed class ProofCloser(ProofLine line, ProofSignal signal) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        signal.Watch(OnChanged);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => line.CloseAsync().WaitAsync(cancellationToken);

    private void OnChanged(TenantId tenant, ProofJob job)
    {
        if (job.Status is ProofJobStatus.Cancelled)
        {
            line.StopJob(job.Id);
        }
    }
}
