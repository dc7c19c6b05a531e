using MidnightOS.Core.Counters;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Leases;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>Two hosts on one data folder behave as one.</summary>
public sealed class TwoHostsTests : IAsyncLifetime, IDisposable
{
    private static readonly TenantId Tenant = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZA");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private StorageHost[] _hosts = [];

    /// <inheritdoc/>
    public Task InitializeAsync()
    {
        _hosts = [new StorageHost(_folder.Path, _clock), new StorageHost(_folder.Path, _clock)];
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_InOne_IsReadInTheOtherAtOnce()
    {
        for (var i = 0; i < 50; i++)
        {
            var key = new DocumentKey("bot", $"b{i}");
            await Store(i).CommitAsync(Tenant, [new DocumentWrite.Put(key, DocumentJson.Serialize(new { }), [])], default);
            Assert.NotNull(await Store(i + 1).GetAsync(Tenant, key, default));
        }
    }

    [Fact]
    public async Task Commit_AbsentInBoth_OneWins()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = new DocumentKey("bot", $"b{round}");
            var write = new DocumentWrite.Put(key, DocumentJson.Serialize(new { }), []) { Condition = Precondition.Absent };
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store(i).CommitAsync(Tenant, [write], default))));
            Assert.Single(results, result => result.Committed);
        }
    }

    [Fact]
    public async Task Counters_AddedInBoth_LoseNone()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(
            () => Host(i).Get<ICounterStore>().AddAsync("k", 1, _clock.GetUtcNow().AddHours(1), default))));
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), values.Order());
    }

    [Fact]
    public async Task Leases_AskedForInBoth_HaveOneHolder()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => Host(i).Get<ILeaseStore>().TryAcquireAsync("work", TimeSpan.FromMinutes(1), default))));
        var lease = Assert.Single(leases, lease => lease is not null);
        Assert.True(await Host(0).Get<ILeaseStore>().RenewAsync(lease!, TimeSpan.FromMinutes(1), default));
        Assert.True(await Host(1).Get<ILeaseStore>().RenewAsync(lease!, TimeSpan.FromMinutes(1), default));
    }

    [Fact]
    public async Task Markers_ClearedInBoth_AreClearedOnce()
    {
        var directory = Host(0).Get<IDirectory>();
        await directory.MarkDueAsync("q", Tenant, "s", _clock.GetUtcNow(), default);
        var marker = Assert.Single(await Host(1).Get<IDirectory>().ListDueAsync("q", _clock.GetUtcNow(), 5, default));
        var cleared = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Host(i).Get<IDirectory>().ClearAsync(marker, default))));
        Assert.Single(cleared, done => done);
    }

    [Fact]
    public async Task Continuation_MadeInOne_GoesOnInTheOther()
    {
        await Store(0).CommitAsync(
            Tenant, [.. Enumerable.Range(0, 4).Select(i => new DocumentWrite.Put(new DocumentKey("bot", $"b{i}"), DocumentJson.Serialize(new { }), []))], default);
        var query = new DocumentQuery("bot") { Limit = 2 };
        var first = await Store(0).QueryAsync(Tenant, query, default);
        var second = await Store(1).QueryAsync(Tenant, query with { Continuation = first.Continuation }, default);
        Assert.Equal(["b2", "b3"], second.Documents.Select(document => document.Key.Id));
    }

    private StorageHost Host(int i) => _hosts[i % 2];

    private IDocumentStore Store(int i) => Host(i).Get<IDocumentStore>();
}
