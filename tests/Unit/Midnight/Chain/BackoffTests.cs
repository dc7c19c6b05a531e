using MidnightOS.Midnight.Chain;
using Xunit;

namespace MidnightOS.Tests.Unit.Midnight.Chain;

public sealed class BackoffTests
{
    private static readonly ChainResilienceOptions Options = new()
    {
        RetryDelay = TimeSpan.FromMilliseconds(100),
        MaxRetryDelay = TimeSpan.FromSeconds(1),
    };

    [Theory]
    [InlineData(0, 0.5, 0)]
    [InlineData(1, 0.0, 50)]
    [InlineData(1, 0.5, 75)]
    [InlineData(2, 0.0, 100)]
    [InlineData(3, 0.0, 200)]
    [InlineData(4, 0.0, 400)]
    [InlineData(5, 0.0, 500)]
    [InlineData(1000, 0.0, 500)]
    [InlineData(1000, 1.0, 1000)]
    public void Delay_Failures_DoubleUpToTheMostWithJitter(int failures, double chance, double milliseconds) =>
        Assert.Equal(milliseconds, Backoff.Delay(failures, Options, chance).TotalMilliseconds);
}
