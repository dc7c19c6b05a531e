using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Unit.Flows;

public abstract partial class FlowContract
{
    [Fact]
    public async Task StartAsync_NewVersionUnderItsOwnName_LeavesRunningFlowsToTheOldOne()
    {
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                var first = await context.CallAsync(FlowScript.Do, input);
                return $"{first} {await Wait(context, "go", Minute)} old";
            },
            RunNext = async (context, input) =>
            {
                var early = await Wait(context, "go", Minute);
                return $"{await context.CallAsync(FlowScript.Other, input)} {early} new";
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await host.RestartAsync();
        await host.Client.StartAsync(FlowScript.NextVersion.Name, "op_2", DocumentJson.ToText("in"), CancellationToken.None);
        await host.Probe.WaitingAsync("op_2");
        await Raise(host, "e1", "go", "a");
        await Raise(host, "e1", "go", "b", "op_2");

        Assert.Equal("in a old", Output(await host.Probe.EndAsync(Id)));
        Assert.Equal("in b new", Output(await host.Probe.EndAsync("op_2")));
        Assert.Equal(FlowScript.NextVersion.Name, (await host.Client.FindAsync("op_2", CancellationToken.None))!.Flow);
    }

    [Fact]
    public async Task Restart_StepRenamedInAFlowThatRuns_FailsItAndSaysThatAChangedFlowNeedsANewName()
    {
        var changed = false;
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                await context.CallAsync(changed ? FlowScript.Other : FlowScript.Do, input);
                await context.DelayAsync(Minute);
                return input;
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        changed = true;
        await host.RestartAsync();
        await host.AdvanceAsync(Minute);

        var state = await host.Probe.EndAsync(Id);
        Assert.Equal(FlowStatus.Failed, state.Status);
        Assert.Contains("A changed flow needs a new name", state.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForEventAsync_NameInOtherCase_IsAnotherEvent()
    {
        var script = new FlowScript { Run = async (context, _) => $"{await Wait(context, "go", Minute)} {await Wait(context, "GO", Minute)}" };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await Raise(host, "e1", "GO", "second");
        await Raise(host, "e2", "go", "first");

        Assert.Equal("first second", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task WaitForEventAsync_TwoWaitsOfANameSideBySide_AreServedInTheirOrder()
    {
        var script = new FlowScript
        {
            Run = async (context, _) => string.Join(' ', await Task.WhenAll(Wait(context, "go", Minute), Wait(context, "go", Minute * 2), Wait(context, "go", Minute * 3))),
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await Raise(host, "e1", "go", "a");
        await host.Probe.WaitingAsync(Id);
        await host.AdvanceAsync(Minute * 2);
        await host.Probe.WaitingAsync(Id);
        await Raise(host, "e2", "go", "b");

        Assert.Equal("a time-out b", Output(await host.Probe.EndAsync(Id)));
    }
}
