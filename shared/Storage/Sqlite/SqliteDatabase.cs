using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Storage;

namespace MidnightOS.Storage.Sqlite;

/// <summary>The database of the embedded edition: <c>midnight.db</c> in the data folder. It opens on first use; several processes may have it open.</summary>
internal class SqliteDatabase : IAsyncDisposable
{
    private readonly SqliteFile _file;
    private readonly SchemaScript[] _scripts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private SqliteReaders? _readers;
    private volatile SqliteWriter? _writer;
    private bool _disposed;

    public SqliteDatabase(IOptions<StorageOptions> options, IEnumerable<SchemaScript> scripts, TimeProvider time, ILogger<SqliteDatabase> logger)
        : this(new SqliteFile(Path.GetFullPath(options.Value.Folder), StorageOptions.DatabaseFile, survivesPowerLoss: true), scripts, time, logger)
    {
    }

    protected SqliteDatabase(SqliteFile file, IEnumerable<SchemaScript> scripts, TimeProvider time, ILogger logger) =>
        (_file, _scripts, _time, _logger) = (file, [.. scripts], time, logger);

    /// <summary>Runs statements that read, on one snapshot. They see every write that was acknowledged before.</summary>
    /// <param name="read">Called once, on this thread; it must not keep the session.</param>
    /// <param name="cancellationToken">Stops the wait for a connection.</param>
    /// <exception cref="StorageUnavailableException">The file could not be read.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        Open();
        return _readers!.RunAsync(read, cancellationToken);
    }

    /// <summary>Runs statements that write, as one atomic change. It is on the disk when this returns.</summary>
    /// <param name="write">
    /// Called on the writer's thread under the write lock; an exception undoes its statements and reaches the caller. It may be called
    /// again after an outage, so what it does follows from the database alone. It must be short, must not wait and must not keep the session.
    /// </param>
    /// <param name="cancellationToken">Takes the write back while it waits; once begun it goes to its end.</param>
    /// <exception cref="StorageUnavailableException">The file could not be written, or stayed locked by another process.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken)
    {
        Open();
        return _writer!.RunAsync(write, cancellationToken);
    }

    /// <summary>Copies the database, as it is at one moment, while others go on reading and writing. The copy is a database file of its own.</summary>
    /// <param name="path">A file that is not there yet; it appears when it is whole.</param>
    /// <param name="cancellationToken">Stops before the copy begins.</param>
    /// <exception cref="StorageUnavailableException">The file is there already, or a disk failed.</exception>
    public Task BackupAsync(string path, CancellationToken cancellationToken)
    {
        Open();
        return Task.Run(() => Guarded(() => SqliteBackup.Write(_file, Path.GetFullPath(path))), cancellationToken);
    }

    /// <summary>Opens the file and brings its schema up to date, if that was not done yet. A schema that is newer than the program is refused.</summary>
    public void Open()
    {
        if (_writer is not null)
        {
            return;
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_writer is null)
            {
                Prepare();
                _readers = new SqliteReaders(_file);
                _writer = new SqliteWriter(_file, _logger);
                StorageLog.DatabaseOpened(_logger, _file.Path);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        if (_writer is { } writer)
        {
            await writer.DisposeAsync();
            _readers!.Dispose();
        }
    }

    private void Prepare() => Guarded(() =>
    {
        _file.Create();
        using var session = _file.OpenWriter();
        new SchemaMigrator(_scripts, _time, _logger).Run(session);
    });

    private static void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (SqliteException error) when (SqliteErrors.IsOutage(error))
        {
            throw SqliteErrors.Unavailable(error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The data folder cannot be used: {error.Message}", error);
        }
    }
}

/// <summary>The database of what means nothing once every process on the machine has died: leases and counters, in <c>volatile.db</c> beside the other. A commit
/// outlives its process and is seen by every host; it does not wait for the disk, nor behind what does. No backup holds it.</summary>
internal sealed class VolatileDatabase(IOptions<StorageOptions> options, IEnumerable<VolatileSchema> schemas, TimeProvider time, ILogger<SqliteDatabase> logger)
    : SqliteDatabase(
        new SqliteFile(Path.GetFullPath(options.Value.Folder), "volatile.db", survivesPowerLoss: false), schemas.Select(static schema => schema.Script), time, logger);

/// <summary>A schema step of the volatile database.</summary>
/// <param name="Script">The step.</param>
internal sealed record VolatileSchema(SchemaScript Script);
