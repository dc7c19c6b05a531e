using Microsoft.Data.Sqlite;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Storage;
using MidnightOS.Storage.Sqlite;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>The database under the stores: groups of writes, outages, files.</summary>
public sealed class SqliteDatabaseTests : IDisposable
{
    private static readonly TenantId Tenant = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZA");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_OneOfAGroupThrows_IsUndoneAlone()
    {
        await using var host = Host();
        var database = host.Get<SqliteDatabase>();
        using var gate = new ManualResetEventSlim();
        var first = database.WriteAsync(_ => Wait(gate), default);

        var good = Enumerable.Range(0, 20).Select(i => database.WriteAsync(session => Insert(session, $"good{i}"), default)).ToList();
        var bad = database.WriteAsync<int>(
            session =>
            {
                Insert(session, "bad");
                throw new InvalidDataException("no");
            },
            default);
        var twice = database.WriteAsync(session => Insert(session, "good0"), default);
        var after = database.WriteAsync(session => Insert(session, "after"), default);
        gate.Set();

        await first;
        await Task.WhenAll(good);
        await after;
        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        await Assert.ThrowsAsync<SqliteException>(() => twice);
        Assert.Equal(21, await CountAsync(database));
    }

    [Fact]
    public async Task Write_CancelledWhileItWaits_IsNeverBegun()
    {
        await using var host = Host();
        var database = host.Get<SqliteDatabase>();
        using var gate = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var first = database.WriteAsync(_ => Wait(gate), default);
        var second = database.WriteAsync(session => Insert(session, "x"), cancellation.Token);
        await cancellation.CancelAsync();
        gate.Set();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(0, await CountAsync(database));
    }

    [Fact]
    public async Task Read_DuringAWrite_SeesWhatWasCommittedAndDoesNotWait()
    {
        await using var host = Host();
        var database = host.Get<SqliteDatabase>();
        using var gate = new ManualResetEventSlim();
        await database.WriteAsync(session => Insert(session, "before"), default);
        var open = database.WriteAsync(session => Insert(session, "open") + Wait(gate), default);

        Assert.Equal(1, await CountAsync(database));
        gate.Set();
        await open;
        Assert.Equal(2, await CountAsync(database));
    }

    [Fact]
    public async Task Read_ThatWrites_IsRefused()
    {
        await using var host = Host();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => host.Get<SqliteDatabase>().ReadAsync(session => Insert(session, "x"), default));
        Assert.Equal(0, await CountAsync(host.Get<SqliteDatabase>()));
    }

    [Fact]
    public async Task Write_DiskFull_FailsAloneAndTheNextSucceeds()
    {
        await using var host = Host();
        var database = host.Get<SqliteDatabase>();
        var store = host.Get<IDocumentStore>();
        await PutAsync(store, "before", 10);
        using var gate = new ManualResetEventSlim();

        // A bound of the file stands for the disk's; it is SQLite's own SQLITE_FULL either way.
        var first = database.WriteAsync(_ => Wait(gate), default);
        var large = database.WriteAsync(
            session =>
            {
                var pages = session.QueryFirst("PRAGMA page_count", row => row.GetInt64(0));
                using var bound = session.Connection.CreateCommand();
#pragma warning disable CA2100 // A number.
                bound.CommandText = $"PRAGMA max_page_count = {pages}";
#pragma warning restore CA2100
                bound.ExecuteNonQuery();
                return session.Execute("INSERT INTO secrets (name, value) VALUES ('large', zeroblob(1000000))");
            },
            default);
        var small = PutAsync(store, "small", 10);
        gate.Set();

        await first;
        var error = await Assert.ThrowsAsync<StorageUnavailableException>(() => large);
        await small;
        await PutAsync(store, "after", 1_000_000);

        Assert.Contains("full", error.Message, StringComparison.Ordinal);
        Assert.Equal(["after", "before", "small"], await IdsAsync(store));
        Assert.Equal("ok", await database.ReadAsync(session => session.QueryFirst("PRAGMA integrity_check", row => row.GetString(0)), default));
    }

    [Fact]
    public async Task Write_ReadOnlyDisk_FailsAndGoesOnWhenItIsWritableAgain()
    {
        await using var host = Host();
        var store = host.Get<IDocumentStore>();
        await PutAsync(store, "before", 10);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => host.Get<SqliteDatabase>().WriteAsync(
            session => session.Execute("PRAGMA query_only = ON") + Insert(session, "x"), default));
        await PutAsync(store, "after", 10);
        Assert.Equal(["after", "before"], await IdsAsync(store));
    }

    [Fact]
    public async Task Open_FolderIsAFile_IsUnavailable()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "");
        await using var host = new StorageHost(_folder.File("file"), _clock);
        Assert.Throws<StorageUnavailableException>(host.Get<SqliteDatabase>().Open);
    }

    [Fact]
    public async Task Open_NotADatabase_IsUnavailableAndLeftAsItIs()
    {
        var garbage = new string('g', 10_000);
        await File.WriteAllTextAsync(_folder.File("midnight.db"), garbage);
        await using var host = Host();
        Assert.Throws<StorageUnavailableException>(host.Get<SqliteDatabase>().Open);
        Assert.Equal(garbage, await File.ReadAllTextAsync(_folder.File("midnight.db")));
    }

    [Fact]
    public async Task Connections_OfTheDatabase_AreDurable()
    {
        await using var host = Host();
        var settings = await host.Get<SqliteDatabase>().WriteAsync(
            session => (
                session.QueryFirst("PRAGMA journal_mode", row => row.GetString(0)),
                session.QueryFirst("PRAGMA synchronous", row => row.GetInt32(0))),
            default);
        Assert.Equal(("wal", 2), settings);
    }

    [Fact]
    public async Task Files_OfTheDatabaseAndBlobs_AreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = _folder.File("deep", "data");
        await using var host = new StorageHost(folder, _clock);
        await PutAsync(host.Get<IDocumentStore>(), "b1", 10);
        await host.Get<Core.Blobs.IBlobStore>().PutAsync(new(Tenant, "wallets", "w"), new MemoryStream([1]), false, default);

        const UnixFileMode file = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var files = System.IO.Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        var folders = System.IO.Directory.GetDirectories(folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, path => path.EndsWith("-wal", StringComparison.Ordinal));
        Assert.All(files, path => Assert.Equal(file, Mode(path)));
        Assert.All([folder, .. folders], path => Assert.Equal(file | UnixFileMode.UserExecute, Mode(path)));
    }

    [Fact]
    public async Task Backup_DuringWrites_IsAWholeDatabaseOfOneMoment()
    {
        await using var host = Host();
        var store = host.Get<IDocumentStore>();
        await PutAsync(store, "before", 10);
        var writes = Task.WhenAll(Enumerable.Range(0, 50).Select(i => PutAsync(store, $"x{i:00}", 50_000)));
        await host.Get<SqliteDatabase>().BackupAsync(_folder.File("copy", "..", "backup.db"), default);
        await writes;

        await Assert.ThrowsAsync<StorageUnavailableException>(() => host.Get<SqliteDatabase>().BackupAsync(_folder.File("backup.db"), default));
        System.IO.Directory.CreateDirectory(_folder.File("restored"));
        File.Move(_folder.File("backup.db"), _folder.File("restored", "midnight.db"));
        await using var restored = new StorageHost(_folder.File("restored"), _clock);
        Assert.Contains("before", await IdsAsync(restored.Get<IDocumentStore>()));
        Assert.Equal(
            "ok", await restored.Get<SqliteDatabase>().ReadAsync(session => session.QueryFirst("PRAGMA integrity_check", row => row.GetString(0)), default));
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private StorageHost Host() => new(_folder.Path, _clock);

    private static int Insert(SqliteSession session, string key) =>
        session.Execute("INSERT INTO claims (kind, value, tenant, subject, etag) VALUES ('test', $1, 't', 's', 'e')", key);

    private static Task<long> CountAsync(SqliteDatabase database) =>
        database.ReadAsync(session => session.QueryFirst("SELECT count(*) FROM claims", row => row.GetInt64(0)), default);

    private static int Wait(ManualResetEventSlim gate)
    {
        gate.Wait();
        return 0;
    }

    private static async Task PutAsync(IDocumentStore store, string id, int size) =>
        Assert.True((await store.CommitAsync(
            Tenant, [new DocumentWrite.Put(new DocumentKey("bot", id), DocumentJson.Serialize(new { A = new string('x', size) }), [])], default)).Committed);

    private static async Task<List<string>> IdsAsync(IDocumentStore store) =>
        [.. (await store.QueryAsync(Tenant, new DocumentQuery("bot") { Limit = 1000 }, default)).Documents.Select(document => document.Key.Id)];
}
