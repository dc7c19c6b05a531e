using System.Collections.Concurrent;

namespace MidnightOS.Core.Counters;

/// <summary>Counts requests in windows of a minute that begin with the minute of the clock; all hosts share the counts.</summary>
public sealed class RequestRate(ICounterStore counters, TimeProvider time)
{
    private const int WindowSeconds = 60;

    private volatile UsedUp _usedUp = new(0);

    /// <summary>Counts one request.</summary>
    /// <param name="limit">The limit's name.</param>
    /// <param name="who">Whose requests are counted together.</param>
    /// <param name="perMinute">How many there may be.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<RateCount> CountAsync(string limit, string who, int perMinute, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var window = now.ToUnixTimeSeconds() / WindowSeconds;
        var end = DateTimeOffset.FromUnixTimeSeconds((window + 1) * WindowSeconds);
        var key = $"rate|{limit}|{who}|{window}";
        var usedUp = UsedUpIn(window);

        // A count that is over stays over: a flood must not become writes of one row, behind which everybody who shares the count would wait.
        if (!usedUp.Counts.TryGetValue(key, out var used) || used <= perMinute)
        {
            used = await counters.AddAsync(key, 1, end, cancellationToken);
            if (used > perMinute)
            {
                usedUp.Counts.TryAdd(key, used);
            }
        }

        return new RateCount(perMinute, used, end, end - now);
    }

    private UsedUp UsedUpIn(long window)
    {
        var known = _usedUp;
        return known.Window == window ? known : _usedUp = new UsedUp(window);
    }

    /// <summary>The counts of one window that are known to be over; each took more requests than its limit, so they are few.</summary>
    private sealed record UsedUp(long Window)
    {
        public ConcurrentDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);
    }
}

/// <summary>A request that was counted.</summary>
/// <param name="Allowed">How many there may be in a minute.</param>
/// <param name="Used">How many there were, with this one.</param>
/// <param name="End">When the count begins anew.</param>
/// <param name="Left">How long that is from now.</param>
public sealed record RateCount(int Allowed, long Used, DateTimeOffset End, TimeSpan Left)
{
    /// <summary>Whether this request is one too many.</summary>
    public bool IsOver => Used > Allowed;
}
