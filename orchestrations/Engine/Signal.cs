using System.Threading.Channels;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>Wakes one waiter; set while nobody waits, it wakes the next at once.</summary>
internal sealed class Signal
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Waits until it is set or the time passed; it may return early, so callers look again.</summary>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        if (timeout <= TimeSpan.Zero)
        {
            _set.Reader.TryRead(out _);
            return;
        }

        var due = timeout < LongestTimer ? timeout : LongestTimer;
        await using var timer = time.CreateTimer(static signal => ((Signal)signal!).Set(), this, due, Timeout.InfiniteTimeSpan);
        await _set.Reader.ReadAsync(cancellationToken);
    }
}
