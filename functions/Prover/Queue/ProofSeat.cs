namespace MidnightOS.Prover.Queue;

/// <summary>A caller's seat at a task that it waits for. When it is left nothing reads the caller's bytes any more, unless that was said otherwise.</summary>
/// <param name="line">Where the task is.</param>
/// <param name="task">The task.</param>
/// <param name="call">What the caller asked for. The task may work on another's bytes.</param>
internal sealed class ProofSeat(ProofLine line, ProofTask task, ProofCall call) : IAsyncDisposable
{
    private bool _left;

    public ProofTask Task { get; } = task;

    private Task BytesInUse => ReferenceEquals(Task.Call, call) ? Task.End : System.Threading.Tasks.Task.CompletedTask;

    /// <summary>Leaves at once.</summary>
    /// <returns>Ends when nothing reads the caller's bytes any more.</returns>
    public Task Leave()
    {
        if (!_left)
        {
            _left = true;
            line.Leave(Task);
        }

        return BytesInUse;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_left)
        {
            await Leave().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
