using MidnightOS.Core.Counters;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Maintenance;
using MidnightOS.Storage.Documents;
using MidnightOS.Storage.Sqlite;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>No statement reads a whole table or sorts: what a call costs does not grow with what is stored.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private static readonly TenantId Tenant = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZA");
    private static readonly string[] NoPlan = ["BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"];

    private static readonly DocumentQuery[] Queries = [new DocumentQuery("bot"), new DocumentQuery("bot", "owner", "u1")];
    private static readonly bool[] Either = [false, true];

    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Statements_OfPages_AreRangesOfAnIndex()
    {
        var statements =
            from query in Queries
            from reversed in Either
            from after in Either.Select(bounded => bounded ? "a" : null)
            from before in Either.Select(bounded => bounded ? "z" : null)
            from continued in Either
            select (Query: query, Bounded: continued || after is not null || before is not null, Sql: DocumentPages.Sql(query with { Descending = reversed, After = after, Before = before }, continued));

        await using var host = new StorageHost(_folder.Path, new ManualTimeProvider());
        foreach (var (query, bounded, sql) in statements)
        {
            var plan = await PlanAsync(host.Get<SqliteDatabase>(), sql);
            var range = query.Index is null ? "tenant=? AND kind=?" : "tenant=? AND kind=? AND name=? AND value=?";
            AssertNoScan(sql, plan);
            Assert.Contains(range + (bounded ? " AND " : ")"), plan[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Statements_ThatTheStoresRun_NeverScan()
    {
        await using var host = new StorageHost(_folder.Path, new ManualTimeProvider());
        await UseEverythingAsync(host);
        foreach (var (database, least) in new[] { (host.Get<SqliteDatabase>(), 20), (host.Get<VolatileDatabase>(), 8) })
        {
            await AssertNoScanAsync(database, least);
        }
    }

    private static async Task AssertNoScanAsync(SqliteDatabase database, int least)
    {
        var read = await database.ReadAsync(session => session.Statements.ToList(), default);
        var written = await database.WriteAsync(session => session.Statements.ToList(), default);
        var statements = read.Concat(written).Distinct(StringComparer.Ordinal).Where(sql => !NoPlan.Any(word => sql.StartsWith(word, StringComparison.Ordinal))).ToList();

        Assert.True(statements.Count >= least, string.Join('\n', statements));
        foreach (var sql in statements)
        {
            AssertNoScan(sql, await PlanAsync(database, sql));
        }
    }

    private static void AssertNoScan(string sql, List<string> plan) => Assert.All(plan, step => Assert.False(
        (step.StartsWith("SCAN", StringComparison.Ordinal) && !step.Contains("CONSTANT ROW", StringComparison.Ordinal))
        || step.Contains("TEMP B-TREE", StringComparison.Ordinal) || step.Contains("AUTOMATIC", StringComparison.Ordinal),
        $"{sql}\n{step}"));

    private static Task<List<string>> PlanAsync(SqliteDatabase database, string sql) => database.ReadAsync(
        session => session.Query($"EXPLAIN QUERY PLAN {sql}", row => row.GetString(3), new object?[10]), default);

    private static async Task UseEverythingAsync(StorageHost host)
    {
        var soon = new DateTimeOffset(2026, 6, 1, 11, 0, 0, TimeSpan.Zero);
        var store = host.Get<IDocumentStore>();
        var key = new DocumentKey("bot", "b1");
        for (var i = 0; i < 2; i++)
        {
            await store.CommitAsync(
                Tenant, [new DocumentWrite.Put(key, DocumentJson.Serialize(new { I = i }), [new IndexEntry("n", $"{i}")]) { ExpiresAt = soon }], default);
        }

        await store.GetAsync(Tenant, key, default);
        await store.QueryAsync(Tenant, new DocumentQuery("bot", "n", "1"), default);
        await store.CommitAsync(Tenant, [new DocumentWrite.Delete(key)], default);
        await store.CommitAsync(Tenant, [new DocumentWrite.Put(key, DocumentJson.Serialize(new { }), [new IndexEntry("n", "1")]) { ExpiresAt = soon }], default);

        var directory = host.Get<IDirectory>();
        var claim = new DirectoryClaim(Tenant, "u", soon);
        await directory.ClaimAsync(new("email", "a"), claim, default);
        await directory.FindAsync(new("email", "a"), default);
        await directory.ClaimAsync(new("email", "b"), claim with { ExpiresAt = null }, default);
        await directory.ReleaseAsync(new("email", "b"), null, default);
        await directory.MarkDueAsync("q", Tenant, "s", soon, default);
        await directory.PostponeAsync((await directory.ListDueAsync("q", soon, 1, default))[0], soon, default);
        await directory.ClearAsync((await directory.ListDueAsync("q", soon, 1, default))[0], default);

        await host.Get<ICounterStore>().AddAsync("k", 1, soon.AddDays(1), default);
        await host.Get<ICounterStore>().AddAsync("k", 1, soon, default);
        await host.Get<ICounterStore>().AddAsync("l", 1, soon, default);
        var lease = (await host.Get<ILeaseStore>().TryAcquireAsync("l", TimeSpan.FromSeconds(1), default))!;
        await host.Get<ILeaseStore>().RenewAsync(lease, TimeSpan.FromSeconds(1), default);
        await host.Get<ILeaseStore>().ReleaseAsync(lease, default);
        await host.Get<IBackgroundWork>().RunAsync(TimeSpan.FromSeconds(1), default);
        await host.Get<IQueueDepths>().ReadAsync(["q"], soon, default);
    }
}
