using MidnightOS.Prover.Upstream;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Prover;

public sealed class UpstreamCircuitTests
{
    [Fact]
    public void IsOpen_FailuresOneAfterTheOther_ForTheBreakAndAgainWithTheNextFailure()
    {
        var clock = new ManualTimeProvider();
        var circuit = new UpstreamCircuit(clock);
        circuit.Failed();
        circuit.Succeeded();
        circuit.Failed();
        Assert.False(circuit.IsOpen);
        circuit.Failed();
        Assert.True(circuit.IsOpen);

        clock.Advance(UpstreamCircuit.Break - TimeSpan.FromTicks(1));
        Assert.True(circuit.IsOpen);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(circuit.IsOpen);
        circuit.Failed();
        Assert.True(circuit.IsOpen);

        clock.Advance(UpstreamCircuit.Break);
        circuit.Succeeded();
        circuit.Failed();
        Assert.False(circuit.IsOpen);
    }
}
