using System.Collections.Concurrent;
using MidnightOS.Core.Counters;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Api;

/// <summary>Counting requests over counters that all hosts share.</summary>
public sealed class RequestRateTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly CountingStore _store = new();

    [Fact]
    public async Task CountAsync_FloodOverTheLimit_WritesNoMoreToTheStore()
    {
        var rate = new RequestRate(_store, _clock);
        for (var request = 1; request <= 1000; request++)
        {
            Assert.Equal(request > 5, (await rate.CountAsync("Login", "everybody", 5, default)).IsOver);
        }

        Assert.Equal(6, _store.Writes);
    }

    [Fact]
    public async Task CountAsync_OverTheLimit_OthersAndTheNextMinuteAreCountedAnew()
    {
        var rate = new RequestRate(_store, _clock);
        Assert.True(await IsOverAsync(rate, "Login", "ann", 6));
        Assert.False(await IsOverAsync(rate, "Login", "bob", 5));
        Assert.False(await IsOverAsync(rate, "Refresh", "ann", 5));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await IsOverAsync(rate, "Login", "ann", 5));
        Assert.True(await IsOverAsync(rate, "Login", "ann", 1));
    }

    [Fact]
    public async Task CountAsync_AnotherHostUsedTheLimitUp_IsOver()
    {
        Assert.True(await IsOverAsync(new RequestRate(_store, _clock), "Login", "ann", 6));
        Assert.True(await IsOverAsync(new RequestRate(_store, _clock), "Login", "ann", 1));
    }

    private static async Task<bool> IsOverAsync(RequestRate rate, string limit, string who, int requests)
    {
        var over = false;
        for (var request = 0; request < requests; request++)
        {
            over = (await rate.CountAsync(limit, who, 5, default)).IsOver;
        }

        return over;
    }

    private sealed class CountingStore : ICounterStore
    {
        private readonly ConcurrentDictionary<string, long> _values = new(StringComparer.Ordinal);

        public int Writes { get; private set; }

        public Task<long> AddAsync(string key, long delta, DateTimeOffset expiresAt, CancellationToken cancellationToken)
        {
            Writes++;
            return Task.FromResult(_values.AddOrUpdate(key, delta, (_, value) => value + delta));
        }
    }
}
