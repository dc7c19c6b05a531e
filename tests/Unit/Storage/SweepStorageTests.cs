using MidnightOS.Core.Blobs;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Maintenance;
using MidnightOS.Storage.Maintenance;
using MidnightOS.Storage.Sqlite;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>The sweep of what expired.</summary>
public sealed class SweepStorageTests : IDisposable
{
    private static readonly TenantId Tenant = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZA");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_OfEachKind_DeletesWhatExpiredAndKeepsTheRest()
    {
        await using var host = new StorageHost(_folder.Path, _clock);
        await FillAsync(host, "gone", _clock.GetUtcNow() + Minute);
        _clock.Advance(Minute);
        await FillAsync(host, "kept", _clock.GetUtcNow() + Minute);

        Assert.False(await host.Get<IBackgroundWork>().RunAsync(Budget, default));

        foreach (var (table, column) in new[] { ("documents", "id"), ("document_entries", "id"), ("claims", "value") })
        {
            Assert.Equal(["kept"], await ColumnAsync(host, $"SELECT {column} FROM {table}"));
        }

        foreach (var (table, column) in new[] { ("counters", "key"), ("leases", "name") })
        {
            Assert.Equal(["kept"], await ColumnAsync<VolatileDatabase>(host, $"SELECT {column} FROM {table}"));
        }
    }

    [Fact]
    public async Task Run_MoreThanTheBudget_SaysSoAndGoesOnNextTime()
    {
        await using var host = new StorageHost(_folder.Path, _clock);
        var store = host.Get<IDocumentStore>();
        for (var batch = 0; batch < 3; batch++)
        {
            await store.CommitAsync(Tenant, [.. Enumerable.Range(0, 100).Select(i => Document($"b{batch}-{i}", _clock.GetUtcNow()))], default);
        }

        var work = host.Get<IBackgroundWork>();
        Assert.True(await work.RunAsync(TimeSpan.Zero, default));
        Assert.Equal(300 - ExpiredRecords.Step, (await ColumnAsync(host, "SELECT id FROM documents")).Count);
        Assert.False(await work.RunAsync(TimeSpan.Zero, default));
        Assert.Empty(await ColumnAsync(host, "SELECT id FROM documents"));
    }

    [Fact]
    public async Task Run_BlobWritesThatNeverEnded_AreSweptAfterAnHour()
    {
        await using var host = new StorageHost(_folder.Path, _clock);
        var blob = new BlobName(Tenant, "wallets", "w");
        await host.Get<IBlobStore>().PutAsync(blob, new MemoryStream([1]), false, default);
        var fresh = Abandoned("fresh", TimeSpan.FromMinutes(59));
        var old = Abandoned("old", TimeSpan.FromMinutes(61));
        File.SetLastWriteTimeUtc(_folder.File("blobs", Tenant.Value, "wallets", "w"), _clock.GetUtcNow().UtcDateTime.AddYears(-1));

        await host.Get<IBackgroundWork>().RunAsync(Budget, default);

        Assert.True(File.Exists(fresh));
        Assert.False(File.Exists(old));
        await using var kept = await host.Get<IBlobStore>().OpenReadAsync(blob, default);
        Assert.NotNull(kept);
    }

    private string Abandoned(string name, TimeSpan age)
    {
        var path = _folder.File("blobs", "incoming", name);
        File.WriteAllText(path, "half");
        File.SetLastWriteTimeUtc(path, (_clock.GetUtcNow() - age).UtcDateTime);
        return path;
    }

    private async Task FillAsync(StorageHost host, string name, DateTimeOffset expiresAt)
    {
        await host.Get<IDocumentStore>().CommitAsync(Tenant, [Document(name, expiresAt)], default);
        await host.Get<IDirectory>().ClaimAsync(new DirectoryKey("email", name), new DirectoryClaim(Tenant, "u", expiresAt), default);
        await host.Get<ICounterStore>().AddAsync(name, 1, expiresAt, default);
        await host.Get<ILeaseStore>().TryAcquireAsync(name, expiresAt - _clock.GetUtcNow(), default);
    }

    private static DocumentWrite.Put Document(string id, DateTimeOffset expiresAt) =>
        new(new DocumentKey("bot", id), DocumentJson.Serialize(new { }), [new IndexEntry("owner", "u")]) { ExpiresAt = expiresAt };

    private static Task<List<string>> ColumnAsync(StorageHost host, string sql) => ColumnAsync<SqliteDatabase>(host, sql);

    private static Task<List<string>> ColumnAsync<TDatabase>(StorageHost host, string sql)
        where TDatabase : SqliteDatabase =>
        host.Get<TDatabase>().ReadAsync(session => session.Query(sql, row => row.GetString(0)), default);
}
