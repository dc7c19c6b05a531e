using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>What is counted and traced of flows and their steps.</summary>
public sealed class FlowMetricsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Measurements _measured = new();

    public void Dispose()
    {
        _measured.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Step_AfterItsFirstAttempt_IsARetry()
    {
        var metrics = new FlowMetrics(_services.GetRequiredService<IMeterFactory>());
        metrics.Step("build", 1, "failed", TimeSpan.FromSeconds(2));
        metrics.Step("build", 2, "completed", TimeSpan.FromSeconds(1));

        Assert.Equal([(2, "step=build outcome=failed"), (1, "step=build outcome=completed")], _measured.Of("midnight.flows.step.duration"));
        Assert.Equal([(1, "step=build")], _measured.Of("midnight.flows.step.retries"));
    }

    [Fact]
    public void Ended_Flow_IsCountedByStatusAndClosesItsTrace()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Activity? span = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == FlowMetrics.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => span = activity.DisplayName == "flow of this test" ? activity : span,
        };
        ActivitySource.AddActivityListener(listener);
        var metrics = new FlowMetrics(_services.GetRequiredService<IMeterFactory>());
        metrics.Ended("of this test", "txn_1", trace, Start, FlowStatus.Failed, Start.AddSeconds(5));

        Assert.Equal([(1, "flow=of this test status=failed")], _measured.Of("midnight.flows.ended"));
        Assert.Equal([(5, "flow=of this test status=failed")], _measured.Of("midnight.flows.duration"));
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (span!.TraceId.ToString(), span.ParentSpanId.ToString()));
        Assert.Equal((Start.UtcDateTime, ActivityStatusCode.Error, null), (span.StartTimeUtc, span.Status, span.StatusDescription));
    }
}
