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

    // A connection goes back only from a read that ended well; one that failed is not used again.
    private T Run<T>(Func<SqliteSession, T> read)
    {
        var session = _idle.TryTake(out var idle) ? idle : file.OpenReader();
        try
        {
            session.Execute("BEGIN");
            var result = read(session);
            session.Execute("COMMIT");
            _idle.Add(session);
            return result;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
