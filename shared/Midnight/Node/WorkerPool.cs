namespace MidnightOS.Midnight.Node;

/// <summary>A process of a pool.</summary>
internal interface IPooledWorker : IAsyncDisposable
{
    /// <summary>The process id.</summary>
    int Id { get; }

    bool HasExited { get; }

    /// <summary>When it answered last, a time stamp of the pool's clock.</summary>
    long LastUsedAt { get; }

    void Kill();
}

/// <summary>The processes of a pool: starts them, lends each to one call at a time, replaces and ends them.</summary>
internal abstract class WorkerPool<TWorker> : IAsyncDisposable
    where TWorker : class, IPooledWorker
{
    private readonly int _size;
    private readonly TimeSpan _idleTimeout;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<TWorker> _idle = [];
    private readonly HashSet<TWorker> _all = [];
    private readonly HashSet<Task> _background = [];
    private readonly ITimer _sweep;
    private int _starting;
    private Task<TWorker>? _warm;
    private bool _closed;

    protected WorkerPool(int size, TimeSpan idleTimeout, TimeProvider time)
    {
        _size = size;
        _idleTimeout = idleTimeout;
        _time = time;
        var interval = idleTimeout / 2;
        _sweep = time.CreateTimer(static state => ((WorkerPool<TWorker>)state!).Sweep(), this, interval, interval);
    }

    /// <summary>The ids of the processes that run.</summary>
    public IReadOnlyList<int> Ids
    {
        get
        {
            lock (_gate)
            {
                return [.. _all.Select(worker => worker.Id)];
            }
        }
    }

    /// <summary>The process that was used last and waits, one that is preferred before others, or a new one. The caller bounds how many are lent at once.</summary>
    /// <exception cref="WorkerLostException">None can be started.</exception>
    /// <exception cref="NodeUnavailableException">There is no Node.js to start one with.</exception>
    public async Task<TWorker> TakeAsync(Predicate<TWorker>? prefers, CancellationToken cancellationToken)
    {
        while (true)
        {
            TWorker? worker;
            Task<TWorker>? coming = null;
            lock (_gate)
            {
                ThrowIfClosed();
                worker = Pop(prefers);
                if (worker is null)
                {
                    // One that is being warmed up counts among those allowed: it becomes this call's.
                    coming = _warm;
                    _warm = null;
                    _starting += coming is null ? 1 : 0;
                }
            }

            if (worker is null)
            {
                return await (coming ?? StartAsync(cancellationToken));
            }

            if (!worker.HasExited)
            {
                return worker;
            }

            End(worker, "died");
        }
    }

    /// <summary>Takes a process back after a call that it answered.</summary>
    public void Return(TWorker worker)
    {
        var reason = Wear(worker);
        lock (_gate)
        {
            if (reason is null && !_closed)
            {
                _idle.Add(worker);
                return;
            }
        }

        End(worker, reason ?? "closed");
        KeepWarm();
    }

    /// <summary>Ends a process that failed a call.</summary>
    public void Discard(TWorker worker, string reason)
    {
        worker.Kill();
        End(worker, reason);
        KeepWarm();
    }

    /// <summary>Starts a process in the background when none waits and there is room, so that the next call finds one.</summary>
    public void KeepWarm()
    {
        Task<TWorker> warm;
        lock (_gate)
        {
            if (_closed || _warm is not null || _idle.Count > 0 || _all.Count + _starting >= _size)
            {
                return;
            }

            _starting++;
            _warm = warm = Task.Run(() => StartAsync(CancellationToken.None));
        }

        InBackground(SettleAsync(warm));
    }

    /// <summary>Ends every process and returns when they are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        List<TWorker> idle;
        List<TWorker> busy;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            idle = [.. _idle];
            busy = [.. _all.Except(idle)];
            _idle.Clear();
        }

        await _sweep.DisposeAsync();
        idle.ForEach(worker => End(worker, "closed"));
        busy.ForEach(worker => worker.Kill());
        await DrainAsync();
    }

    /// <summary>Starts a process.</summary>
    /// <exception cref="WorkerLostException">It did not start.</exception>
    /// <exception cref="NodeUnavailableException">There is no Node.js to start one with.</exception>
    protected abstract Task<TWorker> LaunchAsync(CancellationToken cancellationToken);

    /// <summary>Why a process must be replaced; null when it may go on.</summary>
    protected abstract string? Wear(TWorker worker);

    /// <summary>Told of a process that runs now, and how long its start took.</summary>
    protected abstract void Started(TWorker worker, TimeSpan elapsed);

    /// <summary>Told of a process that ends, and why.</summary>
    protected abstract void Ended(TWorker worker, string reason);

    /// <summary>Told that no process could be started in advance.</summary>
    protected abstract void NotWarm(Exception exception);

    /// <summary>What a call gets when the pool is closed.</summary>
    protected abstract Exception Closed();

    /// <summary>The caller has counted it in <see cref="_starting"/>.</summary>
    private async Task<TWorker> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var started = _time.GetTimestamp();
            var worker = await LaunchAsync(cancellationToken);
            Admit(worker, _time.GetElapsedTime(started));
            return worker;
        }
        finally
        {
            lock (_gate)
            {
                _starting--;
            }
        }
    }

    private void Admit(TWorker worker, TimeSpan elapsed)
    {
        bool closed;
        lock (_gate)
        {
            _all.Add(worker);
            closed = _closed;
        }

        Started(worker, elapsed);
        if (closed)
        {
            End(worker, "closed");
            throw Closed();
        }
    }

    /// <summary>Lets a warmed process wait for work, unless a call has taken it meanwhile.</summary>
    private async Task SettleAsync(Task<TWorker> warm)
    {
        try
        {
            var worker = await warm;
            if (TryClaim(warm))
            {
                Return(worker);
            }
        }
        catch (Exception exception) when (exception is WorkerLostException or NodeUnavailableException || _closed)
        {
            if (TryClaim(warm))
            {
                NotWarm(exception);
            }
        }
    }

    /// <summary>Only under the lock.</summary>
    private TWorker? Pop(Predicate<TWorker>? prefers)
    {
        var index = prefers is null ? -1 : _idle.FindLastIndex(prefers);
        index = index < 0 ? _idle.Count - 1 : index;
        if (index < 0)
        {
            return null;
        }

        var worker = _idle[index];
        _idle.RemoveAt(index);
        return worker;
    }

    private bool TryClaim(Task<TWorker> warm)
    {
        lock (_gate)
        {
            var isOurs = ReferenceEquals(_warm, warm);
            _warm = isOurs ? null : _warm;
            return isOurs;
        }
    }

    /// <summary>Only under the lock.</summary>
    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw Closed();
        }
    }

    /// <summary>Ends processes that wait too long or have grown old, and keeps one.</summary>
    private void Sweep()
    {
        var ending = new List<(TWorker Worker, string Reason)>();
        lock (_gate)
        {
            var waiting = _idle.ToArray();
            _idle.Clear();
            foreach (var worker in waiting)
            {
                var isSpare = waiting.Length - ending.Count > 1;
                var reason = Wear(worker) ?? (isSpare && _time.GetElapsedTime(worker.LastUsedAt) >= _idleTimeout ? "idle" : null);
                if (reason is null)
                {
                    _idle.Add(worker);
                }
                else
                {
                    ending.Add((worker, reason));
                }
            }
        }

        ending.ForEach(entry => End(entry.Worker, entry.Reason));
        KeepWarm();
    }

    private void End(TWorker worker, string reason)
    {
        lock (_gate)
        {
            if (!_all.Remove(worker))
            {
                return;
            }
        }

        Ended(worker, reason);
        InBackground(worker.DisposeAsync().AsTask());
    }

    private void InBackground(Task task)
    {
        lock (_gate)
        {
            _background.Add(task);
        }

        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Forget(Task task)
    {
        lock (_gate)
        {
            _background.Remove(task);
        }
    }

    /// <summary>Waits for what runs in the background, and for what that starts.</summary>
    private async Task DrainAsync()
    {
        while (true)
        {
            Task[] tasks;
            lock (_gate)
            {
                if (_background.Count == 0 && _all.Count == 0 && _starting == 0)
                {
                    return;
                }

                tasks = [.. _background];
            }

            await (tasks.Length > 0 ? Task.WhenAll(tasks) : Task.Delay(10, CancellationToken.None));
        }
    }
}
