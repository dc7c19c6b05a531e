using MidnightOS.Core.Flows;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>The arithmetic of <see cref="RetryPolicy"/>.</summary>
internal static class RetrySchedule
{
    /// <summary>The delay after a failed attempt: FirstDelay × Factor^(attempt − 1), at most MaxDelay.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    public static TimeSpan DelayAfter(this RetryPolicy policy, int attempt)
    {
        var milliseconds = policy.FirstDelay.TotalMilliseconds * Math.Pow(policy.Factor, attempt - 1);
        return milliseconds < policy.MaxDelay.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : policy.MaxDelay;
    }

    /// <summary>Gives the policy back when its values make sense.</summary>
    public static RetryPolicy Checked(this RetryPolicy policy)
    {
        var fault = policy.MaxAttempts < 1 ? "MaxAttempts is at least 1."
            : policy.FirstDelay < TimeSpan.Zero || policy.MaxDelay < TimeSpan.Zero ? "FirstDelay and MaxDelay are not negative."
            : !(policy.Factor >= 1) || double.IsInfinity(policy.Factor) ? "Factor is finite and at least 1."
            : null;
        return fault is null ? policy : throw new ArgumentException(fault, nameof(policy));
    }
}
