using System.Threading.Channels;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>Tells this process of changes of jobs at once. What is lost here, or happens on another host, the due markers and a later look find.</summary>
public sealed class ProofSignal
{
    private readonly Channel<TenantId> _work = Channel.CreateBounded<TenantId>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private readonly Dictionary<(TenantId, string), Followed> _followed = [];
    private Action<TenantId, ProofJob>? _watcher;

    /// <summary>Tenants whose jobs changed in a way that may give work.</summary>
    public ChannelReader<TenantId> Work => _work.Reader;

    /// <summary>How many jobs are followed.</summary>
    internal int FollowedJobs
    {
        get
        {
            lock (_gate)
            {
                return _followed.Count;
            }
        }
    }

    /// <summary>Has a watcher told of every job that this process writes, on the thread of whoever wrote it.</summary>
    public void Watch(Action<TenantId, ProofJob> watcher) => _watcher = watcher;

    /// <summary>Follows the changes of a job until what is given is disposed of.</summary>
    public ProofFollower Follow(TenantId tenant, string jobId)
    {
        lock (_gate)
        {
            if (!_followed.TryGetValue((tenant, jobId), out var followed))
            {
                _followed.Add((tenant, jobId), followed = new Followed());
            }

            followed.Count++;
            return new ProofFollower(() => Next(followed), () => Leave((tenant, jobId), followed));
        }
    }

    /// <summary>Says that a tenant's line is worth a look.</summary>
    public void Look(TenantId tenant) => _work.Writer.TryWrite(tenant);

    /// <summary>Says that a job was written.</summary>
    public void Set(TenantId tenant, ProofJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        lock (_gate)
        {
            if (_followed.TryGetValue((tenant, job.Id), out var followed))
            {
                followed.Change.TrySetResult();
                followed.Change = NewChange();
            }
        }

        if (job.Status is ProofJobStatus.Queued)
        {
            _work.Writer.TryWrite(tenant);
        }

        _watcher?.Invoke(tenant, job);
    }

    private Task Next(Followed followed)
    {
        lock (_gate)
        {
            return followed.Change.Task;
        }
    }

    private void Leave((TenantId, string) job, Followed followed)
    {
        lock (_gate)
        {
            if (--followed.Count == 0)
            {
                _followed.Remove(job);
            }
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Followed
    {
        public TaskCompletionSource Change { get; set; } = NewChange();

        public int Count { get; set; }
    }
}

/// <summary>Someone who follows a job.</summary>
public sealed class ProofFollower : IDisposable
{
    private readonly Func<Task> _next;
    private Action? _leave;

    internal ProofFollower(Func<Task> next, Action leave) => (_next, _leave) = (next, leave);

    /// <summary>Ends when the job changes next; take it before the job is read.</summary>
    public Task NextChangeAsync() => _next();

    /// <summary>Follows it no longer.</summary>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
