namespace MidnightOS.Core.Counters;

/// <summary>Counts requests in windows of a minute that begin with the minute of the clock; all hosts share the counts.</summary>
public sealed class RequestRate(ICounterStore counters, TimeProvider time)
{
    private const int WindowSeconds = 60;

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
        var used = await counters.AddAsync($"rate|{limit}|{who}|{window}", 1, end, cancellationToken);
        return new RateCount(perMinute, used, end, end - now);
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
