using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace MidnightOS.Storage.Sqlite;

/// <summary>Connections that only read. With a write-ahead log no writer makes them wait.</summary>
internal sealed class SqliteReaders(SqliteFile file) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _free = new(Math.Max(4, Environment.ProcessorCount * 2));

    public async Task<T> RunAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return Run(read);
        }
        catch (SqliteException error) when (SqliteErrors.IsOutage(error))
        {
            throw SqliteErrors.Unavailable(error);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }

        _free.Dispose();
    }

    // A connection that met an error of SQLite is not used again; one whose reader merely threw is.
    private T Run<T>(Func<SqliteSession, T> read)
    {
        var session = _idle.TryTake(out var idle) ? idle : file.OpenReader();
        var sound = true;
        try
        {
            session.Execute("BEGIN");
            return read(session);
        }
        catch (SqliteException)
        {
            sound = false;
            throw;
        }
        finally
        {
            Return(session, sound);
        }
    }

    private void Return(SqliteSession session, bool sound)
    {
        if (!sound)
        {
            session.Dispose();
            return;
        }

        session.Execute("COMMIT");
        _idle.Add(session);
    }
}
