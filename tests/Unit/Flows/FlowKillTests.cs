using MidnightOS.Core.Flows;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>A process is killed at a boundary of a step; another goes on from what is on the disk.</summary>
public sealed class FlowKillTests
{
    [Theory]
    [InlineData("start", 1, "1 2 3")]
    [InlineData("return", 1, "1 1 2 3")]
    [InlineData("journal", 1, "1 2 3")]
    [InlineData("start", 2, "1 2 3")]
    [InlineData("return", 2, "1 2 2 3")]
    [InlineData("journal", 2, "1 2 3")]
    [InlineData("return", 3, "1 2 3 3")]
    public async Task Kill_AtABoundary_StepsBeforeItAreNotRunAgain(string boundary, int sequence, string effects)
    {
        using var folder = new TemporaryFolder();
        using var child = ChildProgram.Start(nameof(FlowChild), folder.Path, boundary, $"{sequence}");
        await child.WaitForExitAsync();
        Assert.Equal(128 + 9, child.ExitCode);

        // A clock that is ahead: the dead process's lease has run out for it.
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow.AddHours(1));
        var probe = new FlowProbe();
        await using var host = await EmbeddedFlowHost.StartAsync(folder.Path, clock, probe, EmbeddedFlowHost.Scripted(FlowChild.Script(folder.Path)));
        var state = await probe.EndAsync(FlowChild.Id);

        Assert.Equal((FlowStatus.Completed, "step 3"), (state.Status, state.CustomStatus));
        Assert.StartsWith("\"in... evt_", state.OutputJson, StringComparison.Ordinal);
        Assert.Equal(effects.Split(' '), await File.ReadAllLinesAsync(FlowChild.Effects(folder.Path)));
    }
}
