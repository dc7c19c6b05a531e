using System.Collections.Concurrent;
using System.Threading.Channels;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Proofs;

/// <summary>Tells this process of changes of jobs at once. What is lost here, or happens on another host, the due markers and a later look find.</summary>
public sealed class ProofSignal
{
    private readonly Channel<TenantId> _work = Channel.CreateBounded<TenantId>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _changes = new(StringComparer.Ordinal);
    private Action<TenantId, ProofJob>? _watcher;

    /// <summary>Tenants whose jobs changed in a way that may give work.</summary>
    public ChannelReader<TenantId> Work => _work.Reader;

    /// <summary>Has a watcher told of every job that this process writes, on the thread of whoever wrote it.</summary>
    public void Watch(Action<TenantId, ProofJob> watcher) => _watcher = watcher;

    /// <summary>Ends when the job changes next; take it before the job is read.</summary>
    public Task NextChangeAsync(TenantId tenant, string jobId) =>
        _changes.GetOrAdd(Name(tenant, jobId), static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Nobody waits for the job's change any more, since there is none.</summary>
    public void Forget(TenantId tenant, string jobId) => _changes.TryRemove(Name(tenant, jobId), out _);

    /// <summary>Says that a tenant's line is worth a look.</summary>
    public void Look(TenantId tenant) => _work.Writer.TryWrite(tenant);

    /// <summary>Says that a job was written.</summary>
    public void Set(TenantId tenant, ProofJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (_changes.TryRemove(Name(tenant, job.Id), out var change))
        {
            change.TrySetResult();
        }

        if (job.Status is ProofJobStatus.Queued)
        {
            _work.Writer.TryWrite(tenant);
        }

        _watcher?.Invoke(tenant, job);
    }

    private static string Name(TenantId tenant, string jobId) => $"{tenant.Value}|{jobId}";
}
