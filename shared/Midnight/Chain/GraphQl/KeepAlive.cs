namespace MidnightOS.Midnight.Chain.GraphQl;

/// <summary>Asks a silent peer for a sign of life and gives it up when none comes.</summary>
internal sealed class KeepAlive(TimeSpan interval, TimeProvider time)
{
    private long _heard = time.GetTimestamp();

    /// <summary>Whether the peer was given up.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>Something came from the peer.</summary>
    public void Heard() => Volatile.Write(ref _heard, time.GetTimestamp());

    /// <summary>Runs until cancelled or until the peer is given up.</summary>
    /// <param name="ask">Asks for a sign of life; it must not throw.</param>
    /// <param name="giveUp">Ends the connection.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public async Task RunAsync(Func<CancellationToken, Task> ask, Action giveUp, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        var asked = false;
        while (await TickAsync(timer, cancellationToken))
        {
            var silent = time.GetElapsedTime(Volatile.Read(ref _heard)) >= interval;
            if (silent && asked)
            {
                GaveUp = true;
                giveUp();
                return;
            }

            asked = silent;
            if (silent)
            {
                // Not awaited: a peer that does not read may hold the question up, and the next tick has to come all the same.
                _ = ask(cancellationToken);
            }
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
