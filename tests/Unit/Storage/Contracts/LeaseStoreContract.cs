using MidnightOS.Core.Leases;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

/// <summary>What every lease store does.</summary>
public abstract class LeaseStoreContract : IAsyncLifetime
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private StoreUnderTest<ILeaseStore>? _made;

    private ManualTimeProvider Clock { get; } = new();

    private ILeaseStore Leases => _made!.Store;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _made = await CreateAsync(Clock);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _made!.Destroy();

    /// <summary>Makes an empty store.</summary>
    protected abstract Task<StoreUnderTest<ILeaseStore>> CreateAsync(ManualTimeProvider clock);

    [Fact]
    public async Task Acquire_Held_IsNullUntilItRunsOut()
    {
        var first = await AcquireAsync();
        Assert.NotNull(first);
        Assert.Null(await AcquireAsync());
        Clock.Advance(Duration - TimeSpan.FromTicks(1));
        Assert.Null(await AcquireAsync());

        Clock.Advance(TimeSpan.FromTicks(1));
        var second = await AcquireAsync();
        Assert.NotNull(second);
        Assert.NotEqual(first.Token, second.Token);
    }

    [Fact]
    public async Task Acquire_OtherNames_AreFree()
    {
        await AcquireAsync();
        Assert.NotNull(await Leases.TryAcquireAsync("other", Duration, default));
    }

    [Fact]
    public async Task Acquire_Racing_OneGetsIt()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(AcquireAsync)));
        Assert.Single(leases, lease => lease is not null);
    }

    [Fact]
    public async Task Renew_Held_ProlongsFromNow()
    {
        var lease = (await AcquireAsync())!;
        Clock.Advance(Duration - TimeSpan.FromSeconds(1));
        Assert.True(await Leases.RenewAsync(lease, Duration, default));
        Clock.Advance(Duration - TimeSpan.FromSeconds(1));
        Assert.Null(await AcquireAsync());
        Assert.True(await Leases.RenewAsync(lease, Duration, default));
    }

    [Fact]
    public async Task Renew_RanOut_IsFalseAlsoWhenNobodyTookIt()
    {
        var lease = (await AcquireAsync())!;
        Clock.Advance(Duration);
        Assert.False(await Leases.RenewAsync(lease, Duration, default));
        Assert.NotNull(await AcquireAsync());
    }

    [Fact]
    public async Task Renew_TakenByAnother_IsFalseAndLeavesTheirs()
    {
        var lost = (await AcquireAsync())!;
        Clock.Advance(Duration);
        var theirs = (await AcquireAsync())!;

        Assert.False(await Leases.RenewAsync(lost, Duration, default));
        await Leases.ReleaseAsync(lost, default);
        Assert.Null(await AcquireAsync());
        Assert.True(await Leases.RenewAsync(theirs, Duration, default));
    }

    [Fact]
    public async Task Release_Held_FreesIt()
    {
        var lease = (await AcquireAsync())!;
        await Leases.ReleaseAsync(lease, default);
        await Leases.ReleaseAsync(lease, default);
        Assert.False(await Leases.RenewAsync(lease, Duration, default));
        Assert.NotNull(await AcquireAsync());
    }

    [Fact]
    public async Task Acquire_NoDuration_Throws() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Leases.TryAcquireAsync("work", TimeSpan.Zero, default));

    private Task<Lease?> AcquireAsync() => Leases.TryAcquireAsync("work", Duration, default);
}
