using MidnightOS.Core.Identity;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>A piece of work in the line or under way: of callers who wait for it, of a stored job, or of both.</summary>
internal sealed class ProofTask : IDisposable
{
    private readonly TaskCompletionSource<ProverAnswer> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();

    /// <param name="tenant">Whose work it is.</param>
    /// <param name="call">The work; null for a stored job whose content is read when its turn comes.</param>
    /// <param name="name">What tells that two ask for the same: the job's id; null when nothing is shared.</param>
    public ProofTask(TenantId tenant, ProofCall? call, string? name)
    {
        Tenant = tenant;
        Call = call;
        Name = name;
        _ = _end.Task.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public TenantId Tenant { get; }

    public ProofCall? Call { get; }

    public string? Name { get; }

    /// <summary>Who goes first within a tenant; greater is earlier.</summary>
    public int Priority { get; init; }

    /// <summary>Whether a stored job stands behind it, which ends with it.</summary>
    public bool IsJob { get; set; }

    /// <summary>Callers who wait for it.</summary>
    public int Waiters { get; set; }

    /// <summary>When it got its place in the line.</summary>
    public long AddedAt { get; set; }

    /// <summary>Since when it is worked on; null while it waits.</summary>
    public long? StartedAt { get; set; }

    /// <summary>Cancelled when nobody wants it any more.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>The answer. Nothing reads the call's bytes any more when it is there.</summary>
    public Task<ProverAnswer> End => _end.Task;

    public void Stop() => _stop.Cancel();

    public void Finish(ProverAnswer answer) => _end.TrySetResult(answer);

    public void Cancel() => _end.TrySetCanceled();

    public void Fail(Exception exception) => _end.TrySetException(exception);

    public void Dispose() => _stop.Dispose();
}
