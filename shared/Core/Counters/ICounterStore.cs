namespace MidnightOS.Core.Counters;

/// <summary>Counters that every instance shares: rate limits, quotas.</summary>
public interface ICounterStore
{
    /// <summary>Adds to a counter, making it at zero when it is not there or has expired.</summary>
    /// <param name="key">What is counted, including the window: "login|203.0.113.7|29384756".</param>
    /// <param name="delta">What to add; may be negative.</param>
    /// <param name="expiresAt">From then on the counter is not there; set when it is made.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The value after.</returns>
    Task<long> AddAsync(string key, long delta, DateTimeOffset expiresAt, CancellationToken cancellationToken);
}
