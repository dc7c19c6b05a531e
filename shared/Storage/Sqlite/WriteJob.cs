namespace MidnightOS.Storage.Sqlite;

/// <summary>A write that waits for its group.</summary>
internal abstract class WriteJob
{
    private Exception? _error;

    /// <summary>Whether its caller no longer wants it; it is then never begun.</summary>
    public abstract bool IsCancelled { get; }

    /// <summary>Runs it in the open transaction. It may run again after a failed group, so it depends on nothing but the database.</summary>
    public void Run(SqliteSession session)
    {
        _error = null;
        Execute(session);
    }

    /// <summary>Notes a fault of its own, which leaves the rest of the group alone.</summary>
    public void Refuse(Exception error) => _error = error;

    /// <summary>Tells the caller once the group is durable.</summary>
    public void Finish()
    {
        if (_error is null)
        {
            Succeed();
        }
        else
        {
            Fail(_error);
        }
    }

    public abstract void Fail(Exception error);

    public abstract void Cancel();

    protected abstract void Execute(SqliteSession session);

    protected abstract void Succeed();
}

internal sealed class WriteJob<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken) : WriteJob
{
    // Callers go on elsewhere: the writer's thread has the next group to write.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _done.Task;

    public override bool IsCancelled => cancellationToken.IsCancellationRequested;

    public override void Fail(Exception error) => _done.TrySetException(error);

    public override void Cancel() => _done.TrySetCanceled(cancellationToken);

    protected override void Execute(SqliteSession session) => _result = write(session);

    protected override void Succeed() => _done.TrySetResult(_result!);
}
