using Microsoft.Extensions.Logging;

namespace MidnightOS.Prover.Queue;

/// <summary>Keeps held in this process's name what it works on: jobs, and the slots of their tenants.</summary>
internal sealed class ProofKeeper(ProofLine line, ProofJobSide jobs, TenantSlots slots, TimeProvider time, ILogger<ProofKeeper> logger) : RepeatedWork(logger)
{
    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        foreach (var task in line.Running)
        {
            if (task.Held is { } held && !await jobs.KeepAsync(task, held, cancellationToken))
            {
                line.Stop(task);
            }
        }

        await slots.RenewAsync(cancellationToken);
    }

    protected override Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(slots.RenewEvery, time, cancellationToken);
}
