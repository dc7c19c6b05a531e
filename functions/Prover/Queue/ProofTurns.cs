using MidnightOS.Core.Identity;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>Whose turn it is: has as much run at once as the prover has places for. Used only by who has <see cref="Gate"/>.</summary>
internal sealed class ProofTurns(ProofRunner runner, IProver prover, FileWaits files, TimeProvider time)
{
    // How soon a tenant is looked at again who has as many running as may, some of them on other hosts.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(500);

    // And one whose job nobody could prove: servers that are away are tried again with it after this.
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly FairLine<ProofTask> _line = new();
    private readonly HashSet<TenantId> _blocked = [];
    private readonly Dictionary<ProofTask, Task> _running = [];
    private Action<ProofTask> _over = static _ => { };
    private bool _closed;

    public Lock Gate { get; } = new();

    /// <summary>What waits.</summary>
    public FairLine<ProofTask> Line => _line;

    /// <summary>What runs, and the work on it.</summary>
    public IReadOnlyDictionary<ProofTask, Task> Running => _running;

    /// <summary>How many calls the prover works on at once.</summary>
    public int Places => prover.Size;

    /// <summary>Begins to give turns.</summary>
    /// <param name="over">Called, under the gate, with each task that is over.</param>
    public void Open(Action<ProofTask> over)
    {
        _over = over;
        files.Watch(PumpNow);
    }

    /// <summary>Gives no turn any more.</summary>
    public void Close() => _closed = true;

    /// <summary>Adds a task, whose turn may be at once.</summary>
    public void Add(ProofTask task)
    {
        task.AddedAt = time.GetTimestamp();
        task.Waits = true;
        _line.Add(task.Tenant, task.Priority, task);
        Pump();
    }

    /// <summary>What has to make room: every place is taken, somebody of whom none runs has waited for this long, and another has several. It is the newest of whoever has most.</summary>
    /// <returns>The task; null when none has to, or one is being stopped already.</returns>
    public ProofTask? Yielding(TimeSpan patience) =>
        _running.Count - files.Count >= prover.Size && _line.Idle.Any(task => !_blocked.Contains(task.Tenant) && time.GetElapsedTime(task.AddedAt) >= patience)
            && !_running.Keys.Any(static task => task.IsGone)
            ? _running.Keys.GroupBy(static task => task.Tenant).Where(static own => own.Skip(1).Any()).MaxBy(static own => own.Count())?.MaxBy(static task => task.BegunAt)
            : null;

    // A call that waits for a file needs no place meanwhile.
    private void Pump()
    {
        while (!_closed && _running.Count - files.Count < prover.Size && _line.Take(tenant => !_blocked.Contains(tenant)) is { } task)
        {
            task.Waits = false;
            task.BegunAt = time.GetTimestamp();
            _running.Add(task, RunAsync(task));
        }
    }

    private void PumpNow()
    {
        lock (Gate)
        {
            Pump();
        }
    }

    private async Task RunAsync(ProofTask task)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var turn = await runner.RunAsync(task);
        lock (Gate)
        {
            _running.Remove(task);
            _line.Done(task.Tenant);
            switch (turn)
            {
                case ProofTurn.NoSlot when task is { CameWithMessage: true, Waiters: 0 }:
                    _over(task);
                    Block(task.Tenant, LookAgainAfter);
                    break;
                case ProofTurn.NoSlot when !task.IsGone:
                    task.Waits = true;
                    _line.AddFirst(task.Tenant, task.Priority, task);
                    Block(task.Tenant, LookAgainAfter);
                    break;
                case ProofTurn.PutOff:
                    _over(task);
                    Block(task.Tenant, TryAgainAfter);
                    break;
                default:
                    _blocked.Remove(task.Tenant);
                    _over(task);
                    break;
            }

            Pump();
        }
    }

    private void Block(TenantId tenant, TimeSpan pause)
    {
        if (_blocked.Add(tenant))
        {
            _ = LookAgainAsync(tenant, pause);
        }
    }

    private async Task LookAgainAsync(TenantId tenant, TimeSpan pause)
    {
        await Task.Delay(pause, time, CancellationToken.None);
        lock (Gate)
        {
            _blocked.Remove(tenant);
            Pump();
        }
    }
}
