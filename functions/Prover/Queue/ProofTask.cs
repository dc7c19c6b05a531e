using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>A piece of work in the line or under way: of callers who wait for it, of a stored job, or of both.</summary>
/// <param name="tenant">Whose work it is.</param>
/// <param name="call">The work; null for a stored job whose content is read when its turn comes.</param>
/// <param name="name">What tells that two ask for the same: the job's id; null when nothing is shared.</param>
internal sealed class ProofTask(TenantId tenant, ProofCall? call, string? name) : IDisposable
{
    private readonly TaskCompletionSource<ProverAnswer> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _one = new(1, 1);

    public TenantId Tenant { get; } = tenant;

    public ProofCall? Call { get; } = call;

    public string? Name { get; } = name;

    /// <summary>Opens the stored request; empty when this process has the key.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Whether it came with a message, which waits elsewhere when its tenant may have no more running, unless callers wait for it here.</summary>
    public bool CameWithMessage { get; init; }

    /// <summary>Who goes first within a tenant; greater is earlier. The line's.</summary>
    public int Priority { get; set; }

    /// <summary>Callers who wait for it. The line's.</summary>
    public int Waiters { get; set; }

    /// <summary>Whether its turn has not come yet. The line's.</summary>
    public bool Waits { get; set; }

    /// <summary>When it got its place in the line. The line's.</summary>
    public long AddedAt { get; set; }

    /// <summary>When its turn came. The line's.</summary>
    public long BegunAt { get; set; }

    /// <summary>Whether a stored job stands behind it, which ends with it. Changed by who has <see cref="EnterAsync"/>.</summary>
    public bool IsJob { get; set; }

    /// <summary>Whether it has begun. Changed by who has <see cref="EnterAsync"/>.</summary>
    public bool IsBegun { get; set; }

    /// <summary>Whether it is decided what becomes of it: no job can be made of it any more. Changed by who has <see cref="EnterAsync"/>.</summary>
    public bool IsSettled { get; set; }

    /// <summary>The job as this task took it up; null when it did not. Changed by who has <see cref="EnterAsync"/>.</summary>
    public ProofJob? Held { get; set; }

    /// <summary>Cancelled when nobody wants it any more.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>The answer; cancelled when there will be none. Nothing reads the call's bytes any more when it has ended.</summary>
    public Task<ProverAnswer> End => _end.Task;

    /// <summary>Whether there will be no answer: who wants one has to ask anew.</summary>
    public bool IsGone => Stopped.IsCancellationRequested || End is { IsCompleted: true, IsCompletedSuccessfully: false };

    /// <summary>Keeps others from changing what becomes of it, until what is given is disposed of.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        return new Turn(_one);
    }

    /// <summary>Tells whoever works on it to stop, on a thread of its own: the line is locked here.</summary>
    public void Stop() => _ = _stop.CancelAsync();

    public void Finish(ProverAnswer answer) => _end.TrySetResult(answer);

    public void Cancel() => _end.TrySetCanceled();

    public void Fail(Exception exception)
    {
        _end.TrySetException(exception);

        // Perhaps nobody waits for it, and it was logged.
        _ = _end.Task.Exception;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _one.Dispose();
    }

    private sealed class Turn(SemaphoreSlim one) : IDisposable
    {
        public void Dispose() => one.Release();
    }
}
