using MidnightOS.Core.Counters;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

/// <summary>What every counter store does.</summary>
public abstract class CounterStoreContract : IAsyncLifetime
{
    private StoreUnderTest<ICounterStore>? _made;

    private ManualTimeProvider Clock { get; } = new();

    /// <inheritdoc/>
    public async Task InitializeAsync() => _made = await CreateAsync(Clock);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _made!.Destroy();

    /// <summary>Makes an empty store.</summary>
    protected abstract Task<StoreUnderTest<ICounterStore>> CreateAsync(ManualTimeProvider clock);

    [Fact]
    public async Task Add_NewAndAgain_CountsFromZero()
    {
        Assert.Equal(3, await AddAsync("k", 3));
        Assert.Equal(1, await AddAsync("k", -2));
        Assert.Equal(-4, await AddAsync("k", -5));
        Assert.Equal(-4, await AddAsync("k", 0));
        Assert.Equal(1, await AddAsync("K", 1));
    }

    [Fact]
    public async Task Add_Concurrent_LosesNone()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => AddAsync("k", 1))));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), values.Order());
    }

    [Fact]
    public async Task Add_AfterExpiry_StartsAgain()
    {
        await AddAsync("k", 5);
        Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        Assert.Equal(6, await AddAsync("k", 1));

        // The expiry was set when the counter was made: adding does not move it.
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, await AddAsync("k", 1));
        Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(2, await AddAsync("k", 1));
    }

    [Fact]
    public async Task Add_BeyondTheRange_ThrowsAndKeepsTheValue()
    {
        await AddAsync("k", long.MaxValue);
        await Assert.ThrowsAsync<OverflowException>(() => AddAsync("k", 1));
        Assert.Equal(long.MaxValue, await AddAsync("k", 0));
    }

    private Task<long> AddAsync(string key, long delta) => _made!.Store.AddAsync(key, delta, Clock.GetUtcNow().AddMinutes(1), default);
}
