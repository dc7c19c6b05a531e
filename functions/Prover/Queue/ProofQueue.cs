using Microsoft.Extensions.Options;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Proving;

namespace MidnightOS.Prover.Queue;

/// <summary>The one line of this process for all that is proved: what callers wait for and what stored jobs want, fair between tenants.</summary>
/// <remarks>What is asked twice at the same time by one tenant is done once. A proof that takes longer than an answer may becomes a stored job and goes on.</remarks>
internal sealed class ProofQueue(ProofRunner runner, IProver prover, JobFollower jobs, IOptions<ProverOptions> options, TimeProvider time) : IProofQueue
{
    // How soon a tenant is looked at again who has as many running as may, some of them on other hosts.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly FairLine<ProofTask> _line = new();
    private readonly Dictionary<string, ProofTask> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<TenantId, long> _blocked = [];
    private readonly HashSet<ProofTask> _running = [];
    private readonly HashSet<Task> _work = [];
    private long _storedWaiting;
    private bool _closed;

    public QueueState State
    {
        get
        {
            lock (_gate)
            {
                return new QueueState(_running.Count, _line.Waiting + (int)Interlocked.Read(ref _storedWaiting), options.Value.Capacity);
            }
        }
    }

    /// <summary>How many callers wait for an answer.</summary>
    public int Callers
    {
        get
        {
            lock (_gate)
            {
                return _named.Values.Sum(static task => task.Waiters);
            }
        }
    }

    /// <summary>Jobs that this process holds.</summary>
    public IReadOnlyList<ProofTask> RunningJobs
    {
        get
        {
            lock (_gate)
            {
                return [.. _running.Where(static task => task.IsJob)];
            }
        }
    }

    /// <summary>Stored jobs that wait and are not in this line: the line holds only the next of each tenant.</summary>
    public long StoredWaiting
    {
        set => Interlocked.Exchange(ref _storedWaiting, value);
    }

    public async Task<QueuedAnswer> RunAsync(ProofCaller caller, ProofCall call, CancellationToken timeUp, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp, cancellationToken);
        if (call is ProofCall.Prove prove)
        {
            return await ProveAsync(caller.Tenant, prove, either.Token, timeUp, cancellationToken);
        }

        return Join(new ProofTask(caller.Tenant, call, name: null)) is { } task ? await WaitAsync(task, either.Token) : QueuedAnswer.Full;
    }

    /// <summary>Adds a stored job unless it is here already.</summary>
    /// <returns>Whether it was added.</returns>
    public bool AddJob(TenantId tenant, ProofJob job)
    {
        lock (_gate)
        {
            if (_closed || _named.ContainsKey(job.Id))
            {
                return false;
            }

            Add(new ProofTask(tenant, call: null, job.Id) { Priority = (int)job.Priority, IsJob = true });
            return true;
        }
    }

    /// <summary>How many stored jobs of the tenant are in this line.</summary>
    public int CountJobs(TenantId tenant)
    {
        lock (_gate)
        {
            return _named.Values.Count(task => task.IsJob && task.StartedAt is null && task.Tenant == tenant);
        }
    }

    /// <summary>Stops a job that nobody wants any more.</summary>
    public void StopJob(string jobId)
    {
        lock (_gate)
        {
            if (_named.TryGetValue(jobId, out var task) && task.IsJob)
            {
                task.IsJob = false;
                StopUnlessWanted(task);
            }
        }
    }

    /// <summary>Takes no more work, stops what runs, and returns when it is over.</summary>
    public async Task CloseAsync()
    {
        List<Task> work;
        lock (_gate)
        {
            _closed = true;
            foreach (var task in _named.Values.Concat(_running).ToList())
            {
                Withdraw(task);
            }

            work = [.. _work];
        }

        await Task.WhenAll(work);
    }

    private async Task<QueuedAnswer> ProveAsync(
        TenantId tenant, ProofCall.Prove prove, CancellationToken either, CancellationToken timeUp, CancellationToken cancellationToken)
    {
        var name = SubmitProof.IdOf(tenant, SubmitProof.HashOf(prove.Body.Span));
        if (!IsHere(name) && await jobs.FollowAsync(tenant, name, timeUp, either) is { } known)
        {
            return known;
        }

        if (Join(new ProofTask(tenant, prove, name)) is not { } task)
        {
            return QueuedAnswer.Full;
        }

        try
        {
            return new QueuedAnswer(await task.End.WaitAsync(either));
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested && !cancellationToken.IsCancellationRequested && !task.End.IsCompleted)
        {
            return await BecomeJobAsync(task, prove, timeUp, cancellationToken);
        }
        catch (OperationCanceledException) when (!task.End.IsCompleted)
        {
            await LeaveAsync(task);
            throw;
        }
    }

    private async Task<QueuedAnswer> BecomeJobAsync(ProofTask task, ProofCall.Prove prove, CancellationToken timeUp, CancellationToken cancellationToken)
    {
        var job = await jobs.SubmitAsync(task.Tenant, prove.Body, cancellationToken);
        bool isRunning;
        lock (_gate)
        {
            task.IsJob = job is not null;
            isRunning = task.StartedAt is not null;
        }

        if (job is not null && isRunning)
        {
            await runner.HoldAsync(task, cancellationToken);
        }

        await LeaveAsync(task, waitForEnd: job is null);
        return job is null ? throw new OperationCanceledException(timeUp) : new QueuedAnswer((ProverAnswer?)null) { JobId = job.Id, BytesInUse = task.End };
    }

    private async Task<QueuedAnswer> WaitAsync(ProofTask task, CancellationToken cancellationToken)
    {
        try
        {
            return new QueuedAnswer(await task.End.WaitAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (!task.End.IsCompleted)
        {
            await LeaveAsync(task);
            throw;
        }
    }

    // The bytes of the call are its caller's, and who wipes them must know that nobody reads them any more.
    private async Task LeaveAsync(ProofTask task, bool waitForEnd = true)
    {
        lock (_gate)
        {
            task.Waiters--;
            StopUnlessWanted(task);
        }

        if (waitForEnd)
        {
            await task.End.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private bool IsHere(string name)
    {
        lock (_gate)
        {
            return _named.ContainsKey(name);
        }
    }

    /// <summary>The task, or the one like it that is here already, with one more who waits for it; null when the line is full.</summary>
    private ProofTask? Join(ProofTask task)
    {
        lock (_gate)
        {
            if (task.Name is not null && _named.TryGetValue(task.Name, out var same))
            {
                same.Waiters++;
                return same;
            }

            ObjectDisposedException.ThrowIf(_closed, this);
            if (options.Value.Capacity != 0 && _line.Waiting + Interlocked.Read(ref _storedWaiting) >= options.Value.Capacity)
            {
                return null;
            }

            task.Waiters = 1;
            Add(task);
            return task;
        }
    }

    /// <summary>Only under the lock.</summary>
    private void Add(ProofTask task)
    {
        if (task.Name is not null)
        {
            _named.Add(task.Name, task);
        }

        task.AddedAt = time.GetTimestamp();
        _line.Add(task.Tenant, task.Priority, task);
        Pump();
    }

    /// <summary>Starts what may run now. Only under the lock.</summary>
    private void Pump()
    {
        while (!_closed && _running.Count < prover.Size && _line.Take(MayServe) is { } task)
        {
            task.StartedAt = time.GetTimestamp();
            _running.Add(task);
            var work = Task.Run(() => runner.RunAsync(task));
            _work.Add(work);
            _ = work.ContinueWith(done => Ended(task, done), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private bool MayServe(TenantId tenant) => !_blocked.TryGetValue(tenant, out var since) || time.GetElapsedTime(since) >= LookAgainAfter;

    private void Ended(ProofTask task, Task<ProofTurn> work)
    {
        lock (_gate)
        {
            _work.Remove(work);
            _running.Remove(task);
            _line.Done(task.Tenant);
            if (work is { IsCompletedSuccessfully: true, Result: ProofTurn.NoSlot } && !_closed && !task.Stopped.IsCancellationRequested)
            {
                task.StartedAt = null;
                _blocked[task.Tenant] = time.GetTimestamp();
                _line.AddFirst(task.Tenant, task.Priority, task);
                _ = LookAgainAsync();
            }
            else
            {
                _blocked.Remove(task.Tenant);
                Forget(task);
            }

            Pump();
        }
    }

    private async Task LookAgainAsync()
    {
        await Task.Delay(LookAgainAfter, time, CancellationToken.None);
        lock (_gate)
        {
            Pump();
        }
    }

    /// <summary>Only under the lock.</summary>
    private void StopUnlessWanted(ProofTask task)
    {
        if (task.Waiters == 0 && !task.IsJob)
        {
            Withdraw(task);
        }
    }

    /// <summary>Only under the lock.</summary>
    private void Withdraw(ProofTask task)
    {
        task.Stop();
        if (_line.Remove(task.Tenant, task))
        {
            Forget(task);
        }
    }

    /// <summary>Only under the lock. Who waits for a task that was never run to its end waits no more.</summary>
    private void Forget(ProofTask task)
    {
        if (task.Name is not null && _named.TryGetValue(task.Name, out var named) && ReferenceEquals(named, task))
        {
            _named.Remove(task.Name);
        }

        task.Cancel();
    }
}
