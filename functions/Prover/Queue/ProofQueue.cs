using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Queue;

/// <summary>Callers at the line: each gets its answer, also when what it waits for ends for another's reason. A proof that takes longer than an answer may becomes a stored job and goes on.</summary>
internal sealed class ProofQueue : IProofQueue
{
    private readonly ProofLine _line;
    private readonly JobFollower _follower;
    private readonly ProofJobSide _jobs;

    public ProofQueue(ProofLine line, JobFollower follower, ProofJobSide jobs, QueueMetrics metrics)
    {
        (_line, _follower, _jobs) = (line, follower, jobs);
        metrics.Show(() => line.State);
    }

    public QueueState State => _line.State;

    public bool IsFullFor(TenantId tenant) => _line.IsFullFor(tenant);

    public async Task<QueuedAnswer> RunAsync(ProofCaller caller, ProofCall call, CancellationToken timeUp, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp, cancellationToken);
        if (call is ProofCall.Prove prove)
        {
            return await ProveAsync(caller.Tenant, prove, new Patience(timeUp, cancellationToken, either.Token));
        }

        while (true)
        {
            if (_line.Join(new ProofTask(caller.Tenant, call, name: null)) is not { } task)
            {
                return QueuedAnswer.Full;
            }

            await using var seat = new ProofSeat(_line, task, call);
            try
            {
                return new QueuedAnswer(await task.End.WaitAsync(either.Token));
            }
            catch (OperationCanceledException) when (!either.IsCancellationRequested)
            {
                // It made room for another tenant.
            }
        }
    }

    private async Task<QueuedAnswer> ProveAsync(TenantId tenant, ProofCall.Prove prove, Patience patience)
    {
        var name = SubmitProof.IdOf(tenant, SubmitProof.HashOf(prove.Body.Span));
        while (true)
        {
            if (!_line.IsHere(name) && await _follower.FollowAsync(tenant, name, patience.TimeUp, patience.Either) is { } known)
            {
                return known;
            }

            if (_line.Join(new ProofTask(tenant, prove, name)) is not { } task)
            {
                return QueuedAnswer.Full;
            }

            if (await WaitAsync(task, prove, patience) is { } answer)
            {
                return answer;
            }
        }
    }

    /// <returns>The answer; null when the task ended without one for a reason that is not this caller's: its job was taken back, or another host has it.</returns>
    private async Task<QueuedAnswer?> WaitAsync(ProofTask task, ProofCall.Prove prove, Patience patience)
    {
        await using var seat = new ProofSeat(_line, task, prove);
        try
        {
            return new QueuedAnswer(await task.End.WaitAsync(patience.Either));
        }
        catch (OperationCanceledException) when (!patience.Either.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (patience.TimeUp.IsCancellationRequested && !patience.Gone.IsCancellationRequested)
        {
            return await HandOverAsync(seat, prove, patience);
        }
    }

    private async Task<QueuedAnswer> HandOverAsync(ProofSeat seat, ProofCall.Prove prove, Patience patience) =>
        await _jobs.HandOverAsync(seat.Task, prove.Body, patience.Gone) switch
        {
            HandOver.Stored => new QueuedAnswer((Proving.ProverAnswer?)null) { JobId = seat.Task.Name, BytesInUse = seat.Leave() },
            HandOver.Done => new QueuedAnswer(await seat.Task.End.WaitAsync(patience.Gone)),
            _ => throw new OperationCanceledException(patience.TimeUp),
        };

    /// <param name="TimeUp">The caller must be answered now.</param>
    /// <param name="Gone">The caller no longer waits.</param>
    /// <param name="Either">One of the two.</param>
    private readonly record struct Patience(CancellationToken TimeUp, CancellationToken Gone, CancellationToken Either);
}
