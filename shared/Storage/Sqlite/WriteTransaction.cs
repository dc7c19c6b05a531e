using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MidnightOS.Storage.Sqlite;

/// <summary>The writer's connection and the transaction that is open on it. Only the writer's thread uses it.</summary>
internal sealed class WriteTransaction(SqliteFile file) : IDisposable
{
    private SqliteSession? _session;
    private WriteTurn? _turn;

    /// <summary>Takes the write lock, so that no statement of the transaction meets another writer.</summary>
    public void Begin()
    {
        _session ??= file.OpenWriter();
        _turn ??= file.OpenTurn();
        _turn.Take();
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
        }
        finally
        {
            _turn.Give();
        }
    }

    /// <summary>Runs a job in a savepoint. A fault of the job undoes the job alone; an outage is thrown and ends the transaction.</summary>
    public void Run(WriteJob job)
    {
        _session!.Execute("SAVEPOINT job");
        try
        {
            job.Run(_session);
        }
        catch (Exception error) when (error is not SqliteException outage || !SqliteErrors.IsOutage(outage))
        {
            _session.Execute("ROLLBACK TO job");
            job.Refuse(error);
        }

        _session.Execute("RELEASE job");
    }

    public void Commit() => _session!.Execute("COMMIT");

    /// <summary>Undoes everything and drops the connection: after an outage its state is not to be trusted, a new one starts from the file.</summary>
    public void Abandon()
    {
        var session = _session;
        _session = null;
        if (session is null)
        {
            return;
        }

        try
        {
            if (raw.sqlite3_get_autocommit(session.Connection.Handle) == 0)
            {
                session.Execute("ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // Closing the connection, next, undoes an open transaction too.
        }
        finally
        {
            session.Dispose();
        }
    }

    public void Dispose()
    {
        _session?.Dispose();
        _turn?.Dispose();
    }
}
