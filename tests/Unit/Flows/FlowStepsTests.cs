using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Tests.Unit.Flows;

public sealed class FlowStepsTests
{
    [Fact]
    public async Task Stop_AfterDispose_IsHarmless()
    {
        // A renewal that was under way while the run ended finds its lease gone and stops it.
        using var stopping = new CancellationTokenSource();
        var claim = new FlowClaim(new FlowLease("txn_1", 1), "transaction", "{}", DateTimeOffset.UnixEpoch, CustomStatus: null);
        var steps = new FlowSteps(claim, runner: null!, new Signal(), stopping.Token);
        steps.Dispose();
        steps.Stop();
        await stopping.CancelAsync();
        await steps.StopAsync();
        Assert.Equal(0, steps.Open);
    }
}
