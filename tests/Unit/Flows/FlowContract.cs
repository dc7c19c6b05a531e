using System.Collections.Concurrent;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>What every host of flows keeps. Written against the contract alone, so that each host runs the same tests.</summary>
public abstract partial class FlowContract
{
    protected const string Id = "op_1";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Starts a host with the script's flow and steps.</summary>
    protected abstract Task<IFlowTestHost> StartAsync(FlowScript script);

    private static Task<bool> Begin(IFlowTestHost host, string id = Id, string input = "in") =>
        host.Client.StartAsync(FlowScript.Flow.Name, id, DocumentJson.ToText(input), CancellationToken.None);

    private static Task Raise(IFlowTestHost host, string eventId, string name, string payload, string id = Id) =>
        host.Client.RaiseAsync(id, eventId, name, DocumentJson.ToText(payload), CancellationToken.None);

    private static string Output(FlowState state) => state.OutputJson is { } json
        ? DocumentJson.Deserialize<string>(json)
        : throw new Xunit.Sdk.XunitException($"The flow {state.Status}: {state.Error}");

    [Fact]
    public async Task StartAsync_FlowWithSteps_GivesItsOutput()
    {
        var script = new FlowScript
        {
            Run = async (context, input) => await context.CallAsync(FlowScript.Other, await context.CallAsync(FlowScript.Do, input + "1") + "2"),
        };
        await using var host = await StartAsync(script);

        Assert.True(await Begin(host));

        Assert.Equal("in12", Output(await host.Probe.EndAsync(Id)));
        var found = await host.Client.FindAsync(Id, CancellationToken.None);
        Assert.Equal((FlowStatus.Completed, "\"in12\""), (found!.Status, found.OutputJson));
    }

    [Fact]
    public async Task StartAsync_SameIdTwice_IsOneFlow()
    {
        var runs = 0;
        var script = new FlowScript
        {
            Run = (context, input) => context.CallAsync(FlowScript.Do, input),
            Step = (_, input, _) => Task.FromResult(input + Interlocked.Increment(ref runs)),
        };
        await using var host = await StartAsync(script);

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Begin(host)));
        var output = Output(await host.Probe.EndAsync(Id));
        var afterEnd = await Begin(host);

        Assert.Equal(1, started.Count(s => s));
        Assert.Equal("in1", output);
        Assert.False(afterEnd);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task FindAsync_UnknownId_IsNull()
    {
        await using var host = await StartAsync(new FlowScript { Run = (_, input) => Task.FromResult(input) });

        Assert.Null(await host.Client.FindAsync("op_none", CancellationToken.None));
    }

    [Fact]
    public async Task Replay_AfterRestart_GivesSameTimesAndIds()
    {
        var seen = new ConcurrentQueue<string>();
        var script = new FlowScript
        {
            Run = async (context, _) =>
            {
                var first = $"{context.Now:O} {context.NewId("evt_")} {context.NewId("evt_")}";
                await context.CallAsync(FlowScript.Do, "a");
                var second = $"{context.Now:O} {context.NewId("evt_")}";
                seen.Enqueue($"{first} {second}");
                await context.DelayAsync(Minute);
                return $"{first} {second}";
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await host.RestartAsync();
        await host.AdvanceAsync(Minute);
        var output = Output(await host.Probe.EndAsync(Id));

        Assert.True(seen.Count >= 2, "The flow was not replayed.");
        Assert.All(seen, s => Assert.Equal(output, s));
        var parts = output.Split(' ');
        Assert.Equal(3, new HashSet<string>([parts[1], parts[2], parts[4]], StringComparer.Ordinal).Count);
        Assert.All([parts[1], parts[2], parts[4]], id => Assert.StartsWith("evt_", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CallAsync_ReplayedStep_DoesNotRunAgain()
    {
        var keys = new ConcurrentQueue<StepKey>();
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                var a = await context.CallAsync(FlowScript.Do, input);
                await context.DelayAsync(Minute);
                return await context.CallAsync(FlowScript.Do, a);
            },
            Step = (key, input, _) =>
            {
                keys.Enqueue(key);
                return Task.FromResult(input + ".");
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);
        await host.RestartAsync();
        await host.AdvanceAsync(Minute);

        Assert.Equal("in..", Output(await host.Probe.EndAsync(Id)));
        Assert.Equal(2, keys.Distinct().Count());
        Assert.Equal(2, keys.Count);
        Assert.All(keys, k => Assert.Equal((Id, 1), (k.FlowId, k.Attempt)));
    }
}
