using System.Diagnostics;
using MidnightOS.Storage.Files;

namespace MidnightOS.Storage.Sqlite;

/// <summary>
/// Lets processes that share a database take turns. SQLite's waiters sleep and look again, so a busy writer that begins anew right
/// after its commit can starve them for seconds. Here who waits for the write lock holds the turn, and who has written for a while must
/// get the turn before it begins again.
/// </summary>
/// <remarks>This is about fairness alone: without a turn (another system, a stopped process) writing goes on under SQLite's own lock.</remarks>
internal sealed class WriteTurn : IDisposable
{
    // Who holds the turn may itself get no processor; nobody loses more than this to it.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // A turn at every commit would cost both a sleep at every commit.
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(20);

    private readonly int _descriptor;
    private long _taken;

    /// <param name="path">A file of its own: POSIX locks of the database file must not be touched.</param>
    public WriteTurn(string path)
    {
        _descriptor = -1;
        if (!OperatingSystem.IsWindows())
        {
            DurableFile.CreateEmpty(path);
            _descriptor = Posix.open(path, Posix.ReadWrite | Posix.CloseOnExec);
        }
    }

    /// <summary>Waits for the turn, for a while.</summary>
    public void Take()
    {
        var started = Stopwatch.GetTimestamp();
        if (_descriptor < 0 || Stopwatch.GetElapsedTime(_taken, started) < Burst)
        {
            return;
        }

        while (Posix.flock(_descriptor, Posix.LockExclusiveNow) != 0 && Stopwatch.GetElapsedTime(started) < Patience)
        {
            Thread.Sleep(1);
        }

        _taken = Stopwatch.GetTimestamp();
    }

    /// <summary>Gives the turn to who waits for it.</summary>
    public void Give()
    {
        if (_descriptor >= 0)
        {
            _ = Posix.flock(_descriptor, Posix.Unlock);
        }
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = Posix.close(_descriptor);
        }
    }
}
