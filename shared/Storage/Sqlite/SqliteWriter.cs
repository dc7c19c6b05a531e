using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Storage;

namespace MidnightOS.Storage.Sqlite;

/// <summary>The one thread that writes. What waits while a commit is being synced goes into the next transaction together, each write in a savepoint of its own.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int GroupSize = 256;
    private const int QueueSize = 4096;

    // A group that goes on for longer would make its first callers wait for its last.
    private static readonly TimeSpan GroupTime = TimeSpan.FromMilliseconds(20);

    private readonly Channel<WriteJob> _queue = Channel.CreateBounded<WriteJob>(new BoundedChannelOptions(QueueSize) { SingleReader = true });
    private readonly WriteTransaction _transaction;
    private readonly ILogger _logger;
    private readonly Thread _thread;

    public SqliteWriter(SqliteFile file, ILogger logger)
    {
        _transaction = new WriteTransaction(file);
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "sqlite-writer" };
        _thread.Start();
    }

    public async Task<T> RunAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken)
    {
        var job = new WriteJob<T>(write, cancellationToken);
        await _queue.Writer.WriteAsync(job, cancellationToken);
        return await job.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.Run(_thread.Join);
    }

    private void Run()
    {
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var group = new List<WriteJob>();
            try
            {
                RunGroup(group);
            }
#pragma warning disable CA1031 // Every failure goes to the callers of the group; the thread must live on for the next one.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Recover(group, error);
            }
        }

        _transaction.Dispose();
    }

    private void RunGroup(List<WriteJob> group)
    {
        var started = 0L;
        while (group.Count < GroupSize && (group.Count == 0 || Stopwatch.GetElapsedTime(started) < GroupTime) && _queue.Reader.TryRead(out var job))
        {
            if (job.IsCancelled)
            {
                job.Cancel();
                continue;
            }

            group.Add(job);
            if (group.Count == 1)
            {
                _transaction.Begin();
                started = Stopwatch.GetTimestamp();
            }

            _transaction.Run(job);
        }

        Commit(group);
    }

    private void Commit(List<WriteJob> group)
    {
        if (group.Count == 0)
        {
            return;
        }

        _transaction.Commit();
        group.ForEach(job => job.Finish());
    }

    // One write may be what does not fit on the disk; the others must not fail with it, so each gets a transaction of its own.
    private void Recover(List<WriteJob> group, Exception error)
    {
        StorageLog.WriteFailed(_logger, error, group.Count);
        _transaction.Abandon();
        if (group.Count == 1)
        {
            group[0].Fail(ToCaller(error));
            return;
        }

        foreach (var job in group)
        {
            RunAlone(job);
        }
    }

    private void RunAlone(WriteJob job)
    {
        try
        {
            _transaction.Begin();
            _transaction.Run(job);
            Commit([job]);
        }
#pragma warning disable CA1031 // As above: it goes to the caller.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _transaction.Abandon();
            job.Fail(ToCaller(error));
        }
    }

    private static Exception ToCaller(Exception error) =>
        error is SqliteException outage && SqliteErrors.IsOutage(outage) ? SqliteErrors.Unavailable(outage) : error;
}
