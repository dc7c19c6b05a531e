using System.Text;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Records;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

/// <summary>What every record store does.</summary>
public abstract class RecordStoreContract : IAsyncLifetime
{
    private static readonly TenantId Tenant = new("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static readonly TenantId Other = new("ten_01ARZ3NDEKTSV4RRFFQ69G5FAW");
    private static readonly DocumentKey Key = new("idempotency", new string('a', 64));

    private StoreUnderTest<IRecordStore>? _made;

    private ManualTimeProvider Clock { get; } = new();

    /// <inheritdoc/>
    public async Task InitializeAsync() => _made = await CreateAsync(Clock);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _made!.Destroy();

    /// <summary>Makes an empty store.</summary>
    protected abstract Task<StoreUnderTest<IRecordStore>> CreateAsync(ManualTimeProvider clock);

    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    [InlineData(70_000)]
    [InlineData(1_000_000)]
    [InlineData(1_900_000)]
    public async Task Find_WhatWasPut_ComesBackWhole(int length)
    {
        var etag = await PutAsync(Text(length), Precondition.Absent);
        var found = await _made!.Store.FindAsync(Tenant, Key, default);
        Assert.Equal((Text(length), etag, Key), (Encoding.UTF8.GetString(found!.Json.Span), found.ETag, found.Key));
    }

    [Fact]
    public async Task Find_OtherTenantKindOrId_IsNotThere()
    {
        await PutAsync(Text(1), Precondition.Absent);
        Assert.Null(await _made!.Store.FindAsync(Other, Key, default));
        Assert.Null(await _made.Store.FindAsync(Tenant, Key with { Kind = "other" }, default));
        Assert.Null(await _made.Store.FindAsync(Tenant, Key with { Id = "other" }, default));
    }

    [Fact]
    public async Task Put_AbsentButThere_IsRefused()
    {
        Assert.NotNull(await PutAsync(Text(1), Precondition.Absent));
        Assert.Null(await PutAsync(Text(2), Precondition.Absent));
        Assert.Equal(Text(1), await ReadAsync());
    }

    [Theory]
    [InlineData(10, 1_500_000)]
    [InlineData(1_500_000, 10)]
    public async Task Put_InTheVersionRead_Replaces(int before, int after)
    {
        var first = await PutAsync(Text(before), Precondition.Absent);
        var second = await PutAsync(Text(after), Precondition.Match(first!));
        Assert.NotNull(second);
        Assert.Null(await PutAsync(Text(3), Precondition.Match(first!)));
        Assert.Equal(Text(after), await ReadAsync());
    }

    [Fact]
    public async Task Put_InAVersionOfNothing_IsRefused()
    {
        var etag = await PutAsync(Text(1), Precondition.Absent);
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await PutAsync(Text(2), Precondition.Match(etag!)));
    }

    [Fact]
    public async Task Find_AfterItsTime_IsNotThereAndAnotherMayCome()
    {
        await PutAsync(Text(1_500_000), Precondition.Absent);
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await _made!.Store.FindAsync(Tenant, Key, default));
        Assert.NotNull(await PutAsync(Text(5), Precondition.Absent));
        Assert.Equal(Text(5), await ReadAsync());
    }

    [Fact]
    public async Task Put_ManyAtOnce_LetsOneWin()
    {
        var etags = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => PutAsync(Text(i), Precondition.Absent))));
        Assert.Single(etags, static etag => etag is not null);
    }

    private static string Text(int length) => $"{{\"a\":\"{new string('x', length)}\"}}";

    private async Task<string> ReadAsync() => Encoding.UTF8.GetString((await _made!.Store.FindAsync(Tenant, Key, default))!.Json.Span);

    private Task<string?> PutAsync(string json, Precondition condition) =>
        _made!.Store.PutAsync(Tenant, Key, Encoding.UTF8.GetBytes(json), condition, Clock.GetUtcNow() + TimeSpan.FromMinutes(30), default);
}
