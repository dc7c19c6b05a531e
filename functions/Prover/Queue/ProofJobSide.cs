using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>What became of a call whose callers must be answered now.</summary>
internal enum HandOver
{
    /// <summary>A stored job goes on with it.</summary>
    Stored,

    /// <summary>Too many of the tenant's wait.</summary>
    Refused,

    /// <summary>It was done before a job could be made of it.</summary>
    Done,
}

/// <summary>What became of the job behind a task.</summary>
internal enum Settlement
{
    /// <summary>There is none.</summary>
    NoJob,

    /// <summary>It ended with the answer, or is given back.</summary>
    Over,

    /// <summary>It waits until somebody can prove it.</summary>
    PutOff,
}

/// <summary>The stored job behind a task: made of it, taken up, kept, given back and ended. One such step of a task follows the other, so that none happens in the middle of another.</summary>
internal sealed class ProofJobSide(SubmitProof submit, HoldProof hold, FinishProof finish, ProofPayloads payloads)
{
    /// <summary>Begins a task; one of a job takes the job up.</summary>
    /// <returns>Whether it goes on; not when its job was taken back, or another host has it.</returns>
    public async Task<bool> BeginAsync(ProofTask task)
    {
        using var turn = await task.EnterAsync(CancellationToken.None);
        task.IsBegun = true;
        return !task.IsJob || await TakeUpAsync(task);
    }

    /// <summary>Stores a job for a call that goes on without its caller.</summary>
    public async Task<HandOver> HandOverAsync(ProofTask task, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var turn = await task.EnterAsync(cancellationToken);
        if (task.IsSettled)
        {
            return HandOver.Done;
        }

        if (!task.IsJob)
        {
            if (!(await submit.RunAsync(task.Tenant, new ProofRequest(body), CancellationToken.None)).IsSuccess)
            {
                return HandOver.Refused;
            }

            await BecomeJobAsync(task);
        }

        return HandOver.Stored;
    }

    /// <summary>Has a call end the stored job of the same content.</summary>
    public async Task AdoptAsync(ProofTask task, CancellationToken cancellationToken)
    {
        using var turn = await task.EnterAsync(cancellationToken);
        if (task is { IsSettled: false, IsJob: false })
        {
            await BecomeJobAsync(task);
        }
    }

    /// <returns>Whether this process still has it.</returns>
    public Task<bool> KeepAsync(ProofTask task, ProofJob held, CancellationToken cancellationToken) =>
        hold.KeepAsync(task.Tenant, held.Id, held.Holder!, cancellationToken);

    /// <summary>The request's bytes, which the caller zeroes; null when they are erased.</summary>
    public Task<byte[]?> ReadAsync(ProofTask task) => payloads.ReadRequestAsync(task.Tenant, task.Held!.Payload, task.Key, task.Stopped);

    /// <summary>Ends the job with its answer; one that nobody could prove now waits again. Without an answer it is given back when the task was stopped, by its owner, who ended it, or with the host.
    /// Otherwise it stays held until its time is up and is then tried again, so that whatever is wrong has time to pass.</summary>
    public async Task<Settlement> SettleAsync(ProofTask task, ProverAnswer? answer)
    {
        using var turn = await task.EnterAsync(CancellationToken.None);
        task.IsSettled = true;
        if (task.Held is { } held)
        {
            if (answer?.Failure is { Kind: ProofFailureKind.Unavailable or ProofFailureKind.Interrupted } failure)
            {
                return await hold.PutOffAsync(task.Tenant, held.Id, held.Holder!, failure, CancellationToken.None) ? Settlement.PutOff : Settlement.Over;
            }

            if (answer is not null)
            {
                await finish.RunAsync(task.Tenant, held, new ProofOutcome(answer.Content, answer.Failure, answer.K, answer.Worked), CancellationToken.None);
            }
            else if (task.Stopped.IsCancellationRequested)
            {
                await hold.ReturnAsync(task.Tenant, held.Id, held.Holder!, CancellationToken.None);
            }
        }

        return task.IsJob ? Settlement.Over : Settlement.NoJob;
    }

    // What runs takes the job up at once; what waits does with its turn. When another host was faster the call goes on only for those who still wait for it.
    private async Task BecomeJobAsync(ProofTask task) => task.IsJob = !task.IsBegun || await TakeUpAsync(task);

    // Each task holds in a name of its own: what one gives back cannot be its successor's.
    private async Task<bool> TakeUpAsync(ProofTask task) =>
        (task.Held = await hold.StartAsync(task.Tenant, task.Name!, Guid.NewGuid().ToString("N"), CancellationToken.None)) is not null;
}
