namespace MidnightOS.Tests.Unit.Support;

/// <summary>The tests' clock, on which others build.</summary>
public sealed class ManualTimeProviderTests
{
    [Fact]
    public async Task Delay_TimePasses_EndsThenAndNotBefore()
    {
        var clock = new ManualTimeProvider();
        var delay = Task.Delay(TimeSpan.FromSeconds(10), clock);
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        await delay;
        Assert.Equal(0, clock.WaitingTimers);
    }

    [Fact]
    public void Timers_Advanced_FireInOrderEachAtItsTime()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        var fired = new List<(string, double)>();
        using var late = clock.CreateTimer(_ => Note("late"), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var often = clock.CreateTimer(_ => Note("often"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        clock.Advance(TimeSpan.FromSeconds(6.5));

        Assert.Equal([("often", 2), ("often", 4), ("late", 5), ("often", 6)], fired);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(6.5), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(6.5), clock.GetElapsedTime(DateTimeOffset.UnixEpoch.UtcTicks));

        void Note(string name) => fired.Add((name, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds));
    }

    [Fact]
    public void CancelAfter_TimePasses_Cancels()
    {
        var clock = new ManualTimeProvider();
        using var source = new CancellationTokenSource(TimeSpan.FromMinutes(1), clock);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public void Timer_Disposed_NeverFires()
    {
        var clock = new ManualTimeProvider();
        var fired = false;
        clock.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan).Dispose();
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(fired);
    }
}
