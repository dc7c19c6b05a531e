using MidnightOS.Core.Documents;
using MidnightOS.Storage.Sqlite;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>Processes that die, and processes that share a data folder.</summary>
public sealed class CrashTests
{
    private const int Acknowledged = 300;

    [Fact]
    public async Task Kill_WhileCommitting_KeepsWhatWasAcknowledgedAndNothingHalf()
    {
        using var folder = new TemporaryFolder();
        var acknowledged = await RunUntilKilledAsync(folder.Path);

        await using var host = new StorageHost(folder.Path, new ManualTimeProvider());
        var left = await IdsAsync(host, StorageChild.Left);
        var right = await IdsAsync(host, StorageChild.Right);
        var integrity = await host.Get<SqliteDatabase>().ReadAsync(
            session => session.QueryFirst("PRAGMA integrity_check", row => row.GetString(0)), default);

        Assert.True(acknowledged.Count >= Acknowledged);
        Assert.Subset(left, acknowledged);
        Assert.Equal(left.Order(StringComparer.Ordinal), right.Order(StringComparer.Ordinal));
        Assert.Equal("ok", integrity);
    }

    [Fact]
    public async Task Commit_FromThreeProcesses_LosesNoIncrement()
    {
        const int each = 60;
        using var folder = new TemporaryFolder();
        using var one = ChildProgram.Start(nameof(StorageChild.IncrementAsync), folder.Path, $"{each}");
        using var two = ChildProgram.Start(nameof(StorageChild.IncrementAsync), folder.Path, $"{each}");
        await StorageChild.IncrementAsync(folder.Path, each);
        await Task.WhenAll(one.WaitForExitAsync(), two.WaitForExitAsync());

        await using var host = new StorageHost(folder.Path, new ManualTimeProvider());
        var count = await host.Get<IDocumentStore>().ReadAsync<StorageChild.Count>(StorageChild.Tenant, StorageChild.Counter, default);
        Assert.Equal((0, 0, 3 * each), (one.ExitCode, two.ExitCode, count!.Value.N));
    }

    private static async Task<HashSet<string>> RunUntilKilledAsync(string folder)
    {
        using var child = ChildProgram.Start(nameof(StorageChild.WritePairsAsync), folder);
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        while (await child.StandardOutput.ReadLineAsync() is { } id)
        {
            acknowledged.Add(id);
            if (acknowledged.Count == Acknowledged)
            {
                child.Kill();
            }
        }

        await child.WaitForExitAsync();
        return acknowledged;
    }

    private static async Task<HashSet<string>> IdsAsync(StorageHost host, string kind)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var query = new DocumentQuery(kind, "pair", "all") { Limit = 1000 };
        do
        {
            var page = await host.Get<IDocumentStore>().QueryAsync(StorageChild.Tenant, query, default);
            ids.UnionWith(page.Documents.Select(document => document.Key.Id));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return ids;
    }
}
