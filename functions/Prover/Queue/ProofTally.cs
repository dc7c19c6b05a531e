using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Jobs;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>What is remembered of proofs: how long they waited, what their tenant used, and how long their size takes.</summary>
internal sealed class ProofTally(MeterProofs meter, ProofTimes times, KnownCircuits circuits, QueueMetrics metrics)
{
    /// <summary>A task's turn has come.</summary>
    public void Began(ProofTask task) => metrics.Waited(task.AddedAt);

    /// <summary>Learns from a proof that was made.</summary>
    public void Learn(TenantId tenant, ProverAnswer answer, KeyMaterial? keys)
    {
        if (answer is not { IsDone: true, K: { } k } || answer.Worked <= TimeSpan.Zero)
        {
            return;
        }

        times.Learn(k, answer.Worked);
        if (keys is not null)
        {
            circuits.Learn(tenant, keys.Hash, k);
        }
    }

    /// <summary>Counts what was proved without a job; a job is counted with its end.</summary>
    public Task CountAsync(TenantId tenant, ProofCall? call, ProverAnswer answer) =>
        call is ProofCall.Prove or ProofCall.ProveTransaction && answer.Worked > TimeSpan.Zero
            ? meter.CountAsync(tenant, answer.K, answer.Worked, CancellationToken.None)
            : Task.CompletedTask;
}
