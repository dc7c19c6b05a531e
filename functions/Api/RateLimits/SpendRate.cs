using MidnightOS.Core.Agents;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.RateLimits;

/// <summary>The limit of spends for what comes by chat: one count with the requests that spend.</summary>
internal sealed class SpendRate(RateLimitOptions options, RequestRate rate) : ISpendRate
{
    public async Task<Error?> CountAsync(TenantId tenant, string userId, CancellationToken cancellationToken)
    {
        var allowed = options.PerMinute(RateLimit.Spends);
        var count = await rate.CountAsync(nameof(RateLimit.Spends), RateLimitMiddleware.UserOf(tenant, userId), allowed, cancellationToken);
        return count.IsOver
            ? new Error(ErrorCodes.RateLimited, $"This account may ask for {allowed} payments, confirmations and cancellations a minute. Try again when the next minute begins.")
            {
                RetryAfter = count.Left,
            }
            : null;
    }
}
