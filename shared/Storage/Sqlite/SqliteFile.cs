using Microsoft.Data.Sqlite;
using MidnightOS.Storage.Files;

namespace MidnightOS.Storage.Sqlite;

/// <summary>Opens connections to a database file.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="name">The file's name.</param>
/// <param name="survivesPowerLoss">Whether a commit is on the disk before it is acknowledged.</param>
internal sealed class SqliteFile(string folder, string name, bool survivesPowerLoss)
{
    // Locks are waited for by SQLite itself (below); one second is the least that the driver's own, coarser wait can be set to.
    private const int DriverTimeoutSeconds = 1;

    private const string Pragmas = """
        PRAGMA busy_timeout = 10000;
        PRAGMA journal_mode = WAL;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA temp_store = MEMORY;
        PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA cache_size = -8000;
        """;

    // A commit is on the disk before it is acknowledged, also when the power fails then. It costs one fsync of the log for each group of
    // commits. fullfsync is its counterpart on macOS.
    private const string Synced = Pragmas + "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;";

    // A commit outlives the process. When the power fails the last ones may be gone; the file stays whole (https://www.sqlite.org/wal.html).
    private const string Unsynced = Pragmas + "PRAGMA synchronous = NORMAL;";

    /// <summary>The full path.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, name);

    /// <summary>Makes the folder and an empty file, for their owner alone, when they are not there.</summary>
    public void Create()
    {
        DurableFile.CreateFolder(folder);
        if (!File.Exists(Path))
        {
            // Written beside and linked: opening the database file itself and closing it again would drop the POSIX locks
            // that another connection of this process holds on it (https://www.sqlite.org/howtocorrupt.html, 2.2).
            DurableFile.CreateEmpty(Path);
        }
    }

    public WriteTurn OpenTurn() => new(System.IO.Path.ChangeExtension(Path, ".turn"));

    public SqliteSession OpenWriter() => Open(survivesPowerLoss ? Synced : Unsynced);

    public SqliteSession OpenReader() => Open((survivesPowerLoss ? Synced : Unsynced) + "PRAGMA query_only = ON;");

    private SqliteSession Open(string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWrite,
            Cache = SqliteCacheMode.Private,
            Pooling = false,
            DefaultTimeout = DriverTimeoutSeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
            command.CommandText = pragmas;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
