using Microsoft.Extensions.Options;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Queue;

/// <summary>The one line of this process for all that is proved: what callers wait for and what stored jobs want, fair between tenants.</summary>
/// <remarks>What is wanted twice at the same time by one tenant is one task. A task that was stopped, or that ended without an answer, is not here any more, though
/// it may take a while to end: who wants the same gets another.</remarks>
internal sealed class ProofLine
{
    private readonly ProofTurns _turns;
    private readonly int _capacity;
    private readonly Dictionary<string, ProofTask> _named = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<TenantId, int> _stored = new Dictionary<TenantId, int>();
    private bool _closed;

    public ProofLine(ProofTurns turns, IOptions<ProverOptions> options)
    {
        (_turns, _capacity) = (turns, options.Value.Capacity);
        turns.Open(Forget);
    }

    /// <summary>How full it is, stored jobs included.</summary>
    public QueueState State
    {
        get
        {
            lock (_turns.Gate)
            {
                return new QueueState(_turns.Running.Count, Pending, _capacity);
            }
        }
    }

    /// <summary>How many callers wait for an answer.</summary>
    public int Callers
    {
        get
        {
            lock (_turns.Gate)
            {
                return _named.Values.Sum(static task => task.Waiters);
            }
        }
    }

    /// <summary>What runs.</summary>
    public IReadOnlyList<ProofTask> Running
    {
        get
        {
            lock (_turns.Gate)
            {
                return [.. _turns.Running.Keys];
            }
        }
    }

    /// <summary>How many jobs of a tenant are worth having here: as many as could begin before the next look, so that the line never runs dry.</summary>
    public int JobsAhead => 4 * _turns.Places;

    private int Pending => _turns.Line.Waiting + _stored.Values.Sum();

    /// <summary>Whether one more of a tenant finds no place. Others may fill the line: a tenant that takes less than its share of the capacity still finds one.</summary>
    public bool IsFullFor(TenantId tenant)
    {
        lock (_turns.Gate)
        {
            if (_capacity == 0 || Pending < _capacity)
            {
                return false;
            }

            HashSet<TenantId> tenants = [tenant, .. _turns.Line.Tenants, .. _stored.Keys];
            return _turns.Line.WaitingOf(tenant) + _stored.GetValueOrDefault(tenant) >= Math.Max(1, _capacity / tenants.Count);
        }
    }

    /// <summary>Says how many stored jobs of each tenant wait that are not in this line, which holds only the next of each.</summary>
    public void SetStored(IReadOnlyDictionary<TenantId, int> waiting)
    {
        lock (_turns.Gate)
        {
            _stored = waiting;
        }
    }

    /// <summary>Whether a task of this name is here.</summary>
    public bool IsHere(string name)
    {
        lock (_turns.Gate)
        {
            return Find(name) is not null;
        }
    }

    /// <summary>The task, or the one like it that is here already, with one more who waits for it, until <see cref="Leave"/>; null when the line is full.</summary>
    /// <exception cref="OperationCanceledException">The line is closed.</exception>
    public ProofTask? Join(ProofTask task)
    {
        lock (_turns.Gate)
        {
            var here = Find(task.Name);
            if (here is null && _closed)
            {
                throw new OperationCanceledException("The proof server is stopping.");
            }

            if (here is null && IsFullFor(task.Tenant))
            {
                return null;
            }

            here ??= Add(task);
            here.Waiters++;
            return here;
        }
    }

    /// <summary>Takes one who waited off a task, which is stopped when nobody wants it any more.</summary>
    public void Leave(ProofTask task)
    {
        lock (_turns.Gate)
        {
            task.Waiters--;
            if (task is { Waiters: 0, IsJob: false, End.IsCompleted: false })
            {
                Withdraw(task);
            }
        }
    }

    /// <summary>Adds a stored job unless it is here already; then it waits at its place of now.</summary>
    /// <returns>A call of the same content that is here and does not know of the job; null when there is none.</returns>
    public ProofTask? AddJob(TenantId tenant, ProofJob job) => AddJob(job, new ProofTask(tenant, call: null, job.Id)) is { IsJob: false } here ? here : null;

    /// <summary>Adds a stored job that a message speaks of unless it is here already; then it waits at its place of now.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="job">The job.</param>
    /// <param name="key">Opens its request.</param>
    /// <returns>The task that is here now, perhaps of a call that does not know of the job; null when the line is closed.</returns>
    public ProofTask? AddMessage(TenantId tenant, ProofJob job, ReadOnlyMemory<byte> key) =>
        AddJob(job, new ProofTask(tenant, call: null, job.Id) { Key = key, CameWithMessage = true });

    private ProofTask? AddJob(ProofJob job, ProofTask task)
    {
        task.Priority = (int)job.Priority;
        lock (_turns.Gate)
        {
            var here = Find(job.Id);
            if (here is null)
            {
                task.IsJob = true;
                return _closed ? null : Add(task);
            }

            if (here.Waits && here.Priority < task.Priority)
            {
                here.Priority = task.Priority;
                _turns.Line.Raise(here.Tenant, here.Priority, here);
            }

            return here;
        }
    }

    /// <summary>How many stored jobs of a tenant wait in this line.</summary>
    public int CountJobs(TenantId tenant)
    {
        lock (_turns.Gate)
        {
            return _named.Values.Count(task => task is { IsJob: true, Waits: true } && task.Tenant == tenant);
        }
    }

    /// <summary>Stops a task whose job this process has no longer. Who waits for it asks anew.</summary>
    public void Stop(ProofTask task)
    {
        lock (_turns.Gate)
        {
            Withdraw(task);
        }
    }

    /// <summary>Has one of a tenant that has several running make room for another that has none and has waited for this long. Its job is given back; who waits for it asks anew.</summary>
    /// <returns>What was stopped; null for nothing.</returns>
    public ProofTask? MakeRoom(TimeSpan patience)
    {
        lock (_turns.Gate)
        {
            if (_turns.Yielding(patience) is not { } task)
            {
                return null;
            }

            Withdraw(task);
            return task;
        }
    }

    /// <summary>Stops a job that its owner took back. Who waits for it asks anew.</summary>
    public void StopJob(string jobId)
    {
        lock (_turns.Gate)
        {
            if (Find(jobId) is { IsJob: true } task)
            {
                Withdraw(task);
            }
        }
    }

    /// <summary>Takes no more work, stops what runs, and returns when it is over.</summary>
    public Task CloseAsync()
    {
        lock (_turns.Gate)
        {
            _closed = true;
            _turns.Close();
            foreach (var task in _named.Values.Concat(_turns.Running.Keys).ToList())
            {
                Withdraw(task);
            }

            return Task.WhenAll([.. _turns.Running.Values]);
        }
    }

    private ProofTask? Find(string? name) => name is not null && _named.TryGetValue(name, out var task) && !task.IsGone ? task : null;

    private ProofTask Add(ProofTask task)
    {
        if (task.Name is not null)
        {
            _named[task.Name] = task;
        }

        _turns.Add(task);
        return task;
    }

    private void Withdraw(ProofTask task)
    {
        task.Stop();
        if (_turns.Line.Remove(task.Tenant, task))
        {
            Forget(task);
        }
    }

    /// <summary>Who waits for a task that was never run to its end waits no more.</summary>
    private void Forget(ProofTask task)
    {
        task.Waits = false;
        if (task.Name is not null && ReferenceEquals(_named.GetValueOrDefault(task.Name), task))
        {
            _named.Remove(task.Name);
        }

        task.Cancel();
    }
}
