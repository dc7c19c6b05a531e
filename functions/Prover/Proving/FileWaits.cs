namespace MidnightOS.Prover.Proving;

/// <summary>The calls that hold no proving process because a file of theirs is fetched or derived, which may take minutes. Others may be begun in their places.</summary>
internal sealed class FileWaits
{
    private Action _began = static () => { };
    private int _count;

    /// <summary>How many calls wait for a file.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Has a watcher told of each call that begins to wait, on its thread.</summary>
    public void Watch(Action began) => _began = began;

    /// <summary>Waits for a file in a call's name.</summary>
    public async Task<T> WhileAsync<T>(Task<T> file)
    {
        if (file.IsCompleted)
        {
            return await file;
        }

        Interlocked.Increment(ref _count);
        try
        {
            _began();
            return await file;
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
