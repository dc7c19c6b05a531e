using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MidnightOS.Storage;
using MidnightOS.Storage.Sqlite;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>How the schema grows.</summary>
public sealed class SchemaTests : IDisposable
{
    private static readonly SchemaScript One = new("a-001", "CREATE TABLE a (x TEXT) STRICT; INSERT INTO a (x) VALUES ('one');");
    private static readonly SchemaScript Two = new("a-002", "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = x || '!';");
    private static readonly SchemaScript Bad = new("b-001", "CREATE TABLE b (x TEXT) STRICT; INSERT INTO nowhere (x) VALUES (1);");

    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_EmptyFolder_AppliesEveryScriptInOrder()
    {
        await using var database = Database(One, Two);
        Assert.Equal(["one!"], await ColumnAsync(database, "SELECT y FROM a"));
        Assert.Equal(["a-001", "a-002"], await ColumnAsync(database, "SELECT name FROM schema_version ORDER BY name"));
    }

    [Fact]
    public async Task Open_OlderFile_AppliesOnlyWhatIsMissing()
    {
        await using (var old = Database(One))
        {
            await old.WriteAsync(session => session.Execute("INSERT INTO a (x) VALUES ('kept')"), default);
        }

        await using var database = Database(One, Two);
        Assert.Equal(["one!", "kept!"], await ColumnAsync(database, "SELECT y FROM a ORDER BY rowid"));
    }

    [Fact]
    public async Task Open_NewerFile_IsRefusedAndNamesTheStep()
    {
        await using (var newer = Database(One, Two))
        {
            newer.Open();
        }

        await using var older = Database(One);
        var error = Assert.Throws<NewerSchemaException>(older.Open);
        Assert.Contains("a-002", error.Message, StringComparison.Ordinal);
        Assert.Contains("midnight.db", error.Message, StringComparison.Ordinal);

        await using var again = Database(One, Two);
        Assert.Equal(["one!"], await ColumnAsync(again, "SELECT y FROM a"));
    }

    [Fact]
    public async Task Open_ScriptThatFails_LeavesTheFileAsItWas()
    {
        await using (var failing = Database(One, Bad))
        {
            Assert.Throws<SqliteException>(failing.Open);
        }

        await using var database = Database(Two with { Sql = "CREATE TABLE c (x TEXT) STRICT" });
        Assert.Equal(["c", "schema_version"], await ColumnAsync(database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"));
    }

    [Fact]
    public async Task Open_ManyHostsAtOnce_ApplyItOnce()
    {
        var databases = Enumerable.Range(0, 8).Select(_ => Database(One, Two)).ToList();
        await Task.WhenAll(databases.Select(database => Task.Run(database.Open)));
        Assert.Equal(["one!"], await ColumnAsync(databases[3], "SELECT y FROM a"));
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    private static Task<List<string>> ColumnAsync(SqliteDatabase database, string sql) =>
        database.ReadAsync(session => session.Query(sql, row => row.GetString(0)), default);

    private SqliteDatabase Database(params SchemaScript[] scripts) => new(
        Options.Create(new StorageOptions { Folder = _folder.Path }), scripts, new ManualTimeProvider(), NullLogger<SqliteDatabase>.Instance);
}
