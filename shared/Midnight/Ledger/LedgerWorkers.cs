using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Midnight.Ledger;

/// <summary>The processes of the pool: starts them, lends each to one call at a time, replaces and ends them.</summary>
internal sealed class LedgerWorkers : IAsyncDisposable
{
    private readonly LedgerOptions _options;
    private readonly INodeWorkspace _workspace;
    private readonly LedgerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Stack<LedgerWorker> _idle = new();
    private readonly HashSet<LedgerWorker> _all = [];
    private readonly HashSet<Task> _background = [];
    private readonly ITimer _sweep;
    private int _starting;
    private Task<LedgerWorker>? _warm;
    private bool _closed;

    public LedgerWorkers(
        IOptions<LedgerOptions> options, INodeWorkspace workspace, LedgerMetrics metrics, TimeProvider time, ILogger<LedgerWorkers> logger)
    {
        _options = options.Value;
        _workspace = workspace;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        var interval = _options.IdleTimeout / 2;
        _sweep = time.CreateTimer(static state => ((LedgerWorkers)state!).Sweep(), this, interval, interval);
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

    /// <summary>The process that was used last and waits, or a new one. The caller bounds how many are lent at once.</summary>
    /// <exception cref="LedgerWorkerLostException">None can be started.</exception>
    /// <exception cref="LedgerUnavailableException">The pool is closed.</exception>
    /// <exception cref="NodeUnavailableException">There is no Node.js to start one with.</exception>
    public async Task<LedgerWorker> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            LedgerWorker? worker;
            Task<LedgerWorker>? coming = null;
            lock (_gate)
            {
                ThrowIfClosed();
                if (!_idle.TryPop(out worker))
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
    public void Return(LedgerWorker worker)
    {
        var reason = Wear(worker);
        lock (_gate)
        {
            if (reason is null && !_closed)
            {
                _idle.Push(worker);
                return;
            }
        }

        End(worker, reason ?? "closed");
        KeepWarm();
    }

    /// <summary>Ends a process that failed a call.</summary>
    public void Discard(LedgerWorker worker, string reason)
    {
        worker.Kill();
        End(worker, reason);
        KeepWarm();
    }

    /// <summary>Starts a process in the background when none waits and there is room, so that the next call finds one.</summary>
    public void KeepWarm()
    {
        Task<LedgerWorker> warm;
        lock (_gate)
        {
            if (_closed || _warm is not null || _idle.Count > 0 || _all.Count + _starting >= _options.Size)
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
        List<LedgerWorker> idle;
        List<LedgerWorker> busy;
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

    /// <summary>The caller has counted it in <see cref="_starting"/>.</summary>
    private async Task<LedgerWorker> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var started = _time.GetTimestamp();
            var paths = await _workspace.PrepareAsync(PackageSet.Product, progress: null, cancellationToken);
            var worker = await LedgerWorker.StartAsync(paths, _options.StartTimeout, _time, _logger);
            LedgerLog.Started(_logger, worker.Id, _time.GetElapsedTime(started));
            Admit(worker);
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

    private void Admit(LedgerWorker worker)
    {
        bool closed;
        lock (_gate)
        {
            _all.Add(worker);
            closed = _closed;
        }

        _metrics.Started();
        if (closed)
        {
            End(worker, "closed");
            throw Closed();
        }
    }

    /// <summary>Lets a warmed process wait for work, unless a call has taken it meanwhile.</summary>
    private async Task SettleAsync(Task<LedgerWorker> warm)
    {
        try
        {
            var worker = await warm;
            if (TryClaim(warm))
            {
                Return(worker);
            }
        }
        catch (Exception exception) when (exception is LedgerWorkerLostException or LedgerUnavailableException or NodeUnavailableException)
        {
            if (TryClaim(warm))
            {
                LedgerLog.NotWarm(_logger, exception);
            }
        }
    }

    private bool TryClaim(Task<LedgerWorker> warm)
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

    private static LedgerUnavailableException Closed() => new("The ledger's processes are closed.");

    private string? Wear(LedgerWorker worker) => worker switch
    {
        { Operations: var operations } when operations >= _options.MaxOperations => "operations",
        { Memory: var memory } when memory > _options.MaxMemoryBytes => "memory",
        { HasSeenSecret: true } when _time.GetElapsedTime(worker.StartedAt) >= _options.MaxAge => "age",
        _ => null,
    };

    /// <summary>Ends processes that wait too long or have grown old, and keeps one.</summary>
    private void Sweep()
    {
        var ending = new List<(LedgerWorker Worker, string Reason)>();
        lock (_gate)
        {
            var waiting = _idle.ToArray();
            _idle.Clear();
            foreach (var worker in Enumerable.Reverse(waiting))
            {
                var isSpare = waiting.Length - ending.Count > 1;
                var reason = Wear(worker) ?? (isSpare && _time.GetElapsedTime(worker.LastUsedAt) >= _options.IdleTimeout ? "idle" : null);
                if (reason is null)
                {
                    _idle.Push(worker);
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

    private void End(LedgerWorker worker, string reason)
    {
        lock (_gate)
        {
            if (!_all.Remove(worker))
            {
                return;
            }
        }

        _metrics.Ended(reason);
        LedgerLog.Ended(_logger, worker.Id, worker.Operations, reason);
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
