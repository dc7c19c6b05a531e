using System.Collections.Concurrent;
using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Events;

/// <summary>Wakes this process's readers of a tenant's stream. Readers also look by themselves, since another process may append.</summary>
public sealed class EventSignal(TimeProvider time)
{
    private readonly ConcurrentDictionary<TenantId, TaskCompletionSource> _waiting = new();

    /// <summary>Says that events were appended.</summary>
    public void Set(TenantId tenant)
    {
        if (_waiting.TryRemove(tenant, out var source))
        {
            source.TrySetResult();
        }
    }

    /// <summary>What to wait on; taken before the store is read, so that no event falls between.</summary>
    public Task NextAsync(TenantId tenant) =>
        _waiting.GetOrAdd(tenant, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Waits for the signal, or until it is time to look at the store without one.</summary>
    public async Task WaitAsync(Task next, TimeSpan lookAgainAfter, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(next, Task.Delay(lookAgainAfter, time, timer.Token));
        await timer.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
