using Microsoft.Extensions.Options;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Chat;

/// <summary>One turn at a time in a conversation: in order of arrival within a process, by a lease between processes.</summary>
internal sealed class TurnLocks(ILeaseStore leases, IOptions<ConversationOptions> options, TimeProvider time)
{
    private static readonly Error Busy = new(ErrorCodes.Conflict, "This conversation is still at work on an earlier message.")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    private readonly TurnQueue _queue = new(time);
    private readonly ConversationOptions _options = options.Value;

    /// <summary>Waits for the turn; <c>CONFLICT</c> with a time to wait when it does not come.</summary>
    public async Task<Result<TurnLock>> EnterAsync(string conversationId, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var name = $"conversation|{conversationId}";
        if (!await _queue.EnterAsync(name, _options.WaitForTurn, cancellationToken))
        {
            return Busy;
        }

        var entered = false;
        try
        {
            while (true)
            {
                if (await leases.TryAcquireAsync(name, _options.Lease, cancellationToken) is { } lease)
                {
                    entered = true;
                    return new TurnLock(leases, lease, _options.Lease, time, () => _queue.Leave(name));
                }

                if (time.GetElapsedTime(startedAt) >= _options.WaitForTurn)
                {
                    return Busy;
                }

                await Task.Delay(_options.Poll, time, cancellationToken);
            }
        }
        finally
        {
            if (!entered)
            {
                _queue.Leave(name);
            }
        }
    }
}

/// <summary>A turn that is held. It renews its lease until it is disposed.</summary>
internal sealed class TurnLock : IAsyncDisposable
{
    private readonly ILeaseStore _leases;
    private readonly Lease _lease;
    private readonly Action _leave;
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _renewal;

    public TurnLock(ILeaseStore leases, Lease lease, TimeSpan duration, TimeProvider time, Action leave)
    {
        (_leases, _lease, _leave) = (leases, lease, leave);
        Lost = _lost.Token;
        _renewal = RenewAsync(duration, time);
    }

    /// <summary>Cancelled when the lease is another's: the turn must stop, its writes will be refused.</summary>
    public CancellationToken Lost { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        try
        {
            await _renewal;
            await _leases.ReleaseAsync(_lease, CancellationToken.None);
        }
        finally
        {
            _leave();
            _over.Dispose();
            _lost.Dispose();
        }
    }

    private async Task RenewAsync(TimeSpan duration, TimeProvider time)
    {
        try
        {
            while (true)
            {
                await Task.Delay(duration / 3, time, _over.Token);
                if (!await _leases.RenewAsync(_lease, duration, _over.Token))
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The turn is over.
        }
        catch (Exception)
        {
            // Whether the lease still holds is not known: stopping is the safe answer, and the store's outage shows where the turn writes.
            await _lost.CancelAsync();
        }
    }
}
