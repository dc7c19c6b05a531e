using System.Text.Json;
using MidnightOS.Midnight.Chain;
using MidnightOS.Midnight.Chain.GraphQl;
using MidnightOS.Tests.Unit.Support;
using Xunit;

namespace MidnightOS.Tests.Unit.Midnight.Chain;

public sealed class GraphQlSubscriptionTests
{
    private readonly ManualTimeProvider _time = new();

    private static readonly JsonElement Event = JsonDocument.Parse("1").RootElement;

    [Fact]
    public async Task DeliverAsync_BufferFull_WaitsForTheReader()
    {
        var subscription = New(buffer: 2, maxBytes: 4096);
        Assert.True(await subscription.DeliverAsync(Event, 1, _time));
        Assert.True(await subscription.DeliverAsync(Event, 1, _time));

        var third = subscription.DeliverAsync(Event, 1, _time);
        Assert.False(third.IsCompleted);
        await subscription.ReadAsync(CancellationToken.None);

        Assert.True(await third);
    }

    [Fact]
    public async Task DeliverAsync_TooManyBytes_WaitsForTheReader()
    {
        var subscription = New(buffer: 100, maxBytes: 4000);
        Assert.True(await subscription.DeliverAsync(Event, 600, _time));
        Assert.True(await subscription.DeliverAsync(Event, 400, _time));

        var third = subscription.DeliverAsync(Event, 600, _time);
        Assert.False(third.IsCompleted);
        await subscription.ReadAsync(CancellationToken.None);

        Assert.True(await third);
    }

    [Fact]
    public async Task DeliverAsync_ReaderStaysSlow_IsFalse()
    {
        var subscription = New(buffer: 1, maxBytes: 4096);
        Assert.True(await subscription.DeliverAsync(Event, 1, _time));

        var second = subscription.DeliverAsync(Event, 1, _time);
        _time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.False(await second);
    }

    [Fact]
    public async Task DeliverAsync_ReaderLeaves_WaitsNoLonger()
    {
        var subscription = New(buffer: 1, maxBytes: 4096);
        Assert.True(await subscription.DeliverAsync(Event, 1, _time));
        var second = subscription.DeliverAsync(Event, 1, _time);

        await subscription.DisposeAsync();

        Assert.True(await second);
    }

    [Fact]
    public async Task DeliverAsync_OneEventAboveTheBound_IsTakenWhenNothingElseWaits() =>
        Assert.True(await New(buffer: 1, maxBytes: 4000).DeliverAsync(Event, 4000, _time));

    [Fact]
    public async Task ReadAsync_Ended_GivesWhatWaitsThenTheReason()
    {
        var subscription = New(buffer: 2, maxBytes: 4096);
        await subscription.DeliverAsync(Event, 1, _time);
        subscription.End(new SubscriptionEndedException(SubscriptionEnd.Overrun, "slow"));

        Assert.Equal(1, (await subscription.ReadAsync(CancellationToken.None)).GetInt32());
        var exception = await Assert.ThrowsAsync<SubscriptionEndedException>(async () => await subscription.ReadAsync(CancellationToken.None));
        Assert.Equal(SubscriptionEnd.Overrun, exception.Reason);
    }

    private static GraphQlSubscription New(int buffer, int maxBytes) => new(
        "1",
        IndexerQueries.Tip(),
        new ChainResilienceOptions { SubscriptionBuffer = buffer, MaxResponseBytes = maxBytes },
        static _ => ValueTask.CompletedTask);
}
