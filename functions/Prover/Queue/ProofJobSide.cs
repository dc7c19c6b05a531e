using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>The stored job behind a task: taken up, kept, given back and ended in this process's name.</summary>
internal sealed class ProofJobSide(HoldProof hold, FinishProof finish, ProofPayloads payloads)
{
    private readonly string _holder = Guid.NewGuid().ToString("N");

    /// <returns>The job; null when it waits no more.</returns>
    public Task<ProofJob?> StartAsync(ProofTask task, CancellationToken cancellationToken) => hold.StartAsync(task.Tenant, task.Name!, _holder, cancellationToken);

    /// <returns>Whether this process still has it.</returns>
    public Task<bool> KeepAsync(ProofTask task, CancellationToken cancellationToken) => hold.KeepAsync(task.Tenant, task.Name!, _holder, cancellationToken);

    /// <summary>The request's bytes, which the caller zeroes; null when they are erased.</summary>
    public Task<byte[]?> ReadAsync(ProofTask task) => payloads.ReadRequestAsync(task.Tenant, task.Name!, task.Stopped);

    /// <summary>Gives it back when this process has it: it was stopped by no fault of its own, or by its owner, who ended it.</summary>
    public Task ReturnAsync(ProofTask task) =>
        task.Name is null ? Task.CompletedTask : hold.ReturnAsync(task.Tenant, task.Name, _holder, CancellationToken.None);

    public Task FinishAsync(ProofTask task, ProverAnswer answer) =>
        finish.RunAsync(task.Tenant, task.Name!, _holder, new ProofOutcome(answer.Content, answer.Failure, answer.K, answer.Worked), CancellationToken.None);
}
