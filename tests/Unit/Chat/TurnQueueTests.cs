using MidnightOS.Core.Chat;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Chat;

public sealed class TurnQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Enter_ManyCallers_AreLetInByArrival()
    {
        var queue = new TurnQueue(_clock);
        Assert.True(await queue.EnterAsync("a", Patience, CancellationToken.None));
        var waiting = Enumerable.Range(0, 20).Select(_ => queue.EnterAsync("a", Patience, CancellationToken.None)).ToList();

        foreach (var next in waiting)
        {
            Assert.All(waiting.Skip(waiting.IndexOf(next)), static task => Assert.False(task.IsCompleted));
            queue.Leave("a");
            Assert.True(await next);
        }

        queue.Leave("a");
        Assert.True(await queue.EnterAsync("a", TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task Enter_OtherName_DoesNotWait()
    {
        var queue = new TurnQueue(_clock);

        Assert.True(await queue.EnterAsync("a", Patience, CancellationToken.None));
        Assert.True(await queue.EnterAsync("b", Patience, CancellationToken.None));
    }

    [Fact]
    public async Task Enter_PatienceRunsOut_GivesUpItsPlace()
    {
        var queue = new TurnQueue(_clock);
        await queue.EnterAsync("a", Patience, CancellationToken.None);
        var impatient = queue.EnterAsync("a", Patience, CancellationToken.None);
        var patient = queue.EnterAsync("a", Patience * 2, CancellationToken.None);

        _clock.Advance(Patience);

        Assert.False(await impatient);
        queue.Leave("a");
        Assert.True(await patient);
    }

    [Fact]
    public async Task Enter_Cancelled_GivesUpItsPlace()
    {
        var queue = new TurnQueue(_clock);
        using var gone = new CancellationTokenSource();
        await queue.EnterAsync("a", Patience, CancellationToken.None);
        var leaving = queue.EnterAsync("a", Patience, gone.Token);
        var staying = queue.EnterAsync("a", Patience, CancellationToken.None);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        queue.Leave("a");
        Assert.True(await staying);
    }
}
