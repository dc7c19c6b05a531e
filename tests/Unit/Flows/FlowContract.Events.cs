using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Unit.Flows;

public abstract partial class FlowContract
{
    private static async Task<string> Wait(IFlowContext context, string name, TimeSpan timeout)
    {
        var taken = await context.WaitForEventAsync<string>(name, timeout);
        return taken.TimedOut ? "time-out" : taken.Payload!;
    }

    [Fact]
    public async Task WaitForEventAsync_RaisedWhileWaiting_GivesPayload()
    {
        await using var host = await StartAsync(new FlowScript { Run = (context, _) => Wait(context, "go", Minute) });
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await Raise(host, "e1", "go", "yes");

        Assert.Equal("yes", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task WaitForEventAsync_RaisedBeforeTheWait_GivesPayload()
    {
        var running = new TaskCompletionSource();
        var release = new TaskCompletionSource<string>();
        var script = new FlowScript
        {
            Run = async (context, input) => await context.CallAsync(FlowScript.Do, input) + await Wait(context, "go", Minute),
            Step = (_, _, _) =>
            {
                running.TrySetResult();
                return release.Task;
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await running.Task;

        await Raise(host, "e1", "go", "early");
        release.SetResult("step ");

        Assert.Equal("step early", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task WaitForEventAsync_SeveralOfANameAndAnother_AreTakenInOrderByName()
    {
        var script = new FlowScript
        {
            Run = async (context, _) =>
            {
                await Wait(context, "begin", Minute);
                var b = await Wait(context, "b", Minute);
                return $"{b}{await Wait(context, "a", Minute)}{await Wait(context, "a", Minute)}{await Wait(context, "a", Minute)}";
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        foreach (var (id, name) in new[] { ("1", "a"), ("2", "a"), ("3", "b"), ("4", "a") })
        {
            await Raise(host, id, name, id);
        }

        await Raise(host, "5", "begin", "");

        Assert.Equal("3124", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task RaiseAsync_SameEventIdAgain_CountsOnce()
    {
        var script = new FlowScript { Run = async (context, _) => $"{await Wait(context, "go", Minute)} {await Wait(context, "go", Minute)}" };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await Raise(host, "e1", "go", "first");
        await Raise(host, "e1", "go", "first");
        await host.Probe.WaitingAsync(Id);
        await Raise(host, "e1", "go", "again");
        await Raise(host, "e2", "go", "second");

        Assert.Equal("first second", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task RaiseAsync_FlowEndedOrNeverWas_IsIgnored()
    {
        await using var host = await StartAsync(new FlowScript { Run = (_, input) => Task.FromResult(input) });
        await Begin(host);
        await host.Probe.EndAsync(Id);

        await Raise(host, "e1", "go", "late");
        await Raise(host, "e1", "go", "nowhere", "op_none");

        Assert.Equal(FlowStatus.Completed, (await host.Client.FindAsync(Id, CancellationToken.None))!.Status);
        Assert.Null(await host.Client.FindAsync("op_none", CancellationToken.None));
    }

    [Fact]
    public async Task RaiseAsync_BeforeTheFlowWasStarted_IsIgnored()
    {
        await using var host = await StartAsync(new FlowScript { Run = (context, _) => Wait(context, "go", Minute) });
        await Raise(host, "e1", "go", "too early");
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await host.AdvanceAsync(Minute);

        Assert.Equal("time-out", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task WaitForEventAsync_TimePassesFirst_TimesOutAndLaterEventStays()
    {
        var script = new FlowScript { Run = async (context, _) => $"{await Wait(context, "go", Minute)} {await Wait(context, "go", Minute)}" };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await host.AdvanceAsync(Minute);
        await host.Probe.WaitingAsync(Id);
        await Raise(host, "e1", "go", "late");

        Assert.Equal("time-out late", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task WaitForEventAsync_EventBeforeItsTime_Wins()
    {
        var script = new FlowScript { Run = async (context, _) => $"{await Wait(context, "go", Minute)} {await Wait(context, "go", Minute)}" };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await host.AdvanceAsync(Minute - TimeSpan.FromSeconds(1));
        await Raise(host, "e1", "go", "in time");
        await host.Probe.WaitingAsync(Id);
        await host.AdvanceAsync(Minute);

        Assert.Equal("in time time-out", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task WaitForEventAsync_NoTimeToWait_TakesWhatIsThere()
    {
        var script = new FlowScript
        {
            Run = async (context, _) =>
            {
                await Wait(context, "begin", Minute);
                return $"{await Wait(context, "go", TimeSpan.Zero)} {await Wait(context, "go", TimeSpan.Zero)}";
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await Raise(host, "e1", "go", "there");
        await Raise(host, "e2", "begin", "");

        Assert.Equal("there time-out", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task WaitForEventAsync_WhileAStepRuns_IsGivenAtOnce()
    {
        var release = new TaskCompletionSource<string>();
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                var step = context.CallAsync(FlowScript.Do, input);
                var cancelled = Wait(context, "cancel", Minute);
                var first = await Task.WhenAny(step, cancelled);
                context.SetCustomStatus(first == cancelled ? "cancelled" : "done");
                return await context.CallAsync(FlowScript.Other, "release") + await step;
            },
            Step = (key, input, _) =>
            {
                if (input == "release")
                {
                    release.SetResult(" step");
                    return Task.FromResult("event");
                }

                return release.Task;
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);

        await Raise(host, "e1", "cancel", "x");

        Assert.Equal("event step", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task DelayAsync_TimeNotPassed_StillWaits()
    {
        var script = new FlowScript
        {
            Run = async (context, _) =>
            {
                var began = context.Now;
                await context.DelayAsync(Minute);
                var first = context.Now - began;
                await Task.WhenAll(context.DelayAsync(Minute * 3), context.DelayAsync(Minute));
                return first >= Minute && context.Now - began >= Minute * 4 ? "on time" : "early";
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);

        await host.AdvanceAsync(Minute - TimeSpan.FromTicks(1));
        Assert.Equal(FlowStatus.Running, (await host.Client.FindAsync(Id, CancellationToken.None))!.Status);
        await host.AdvanceAsync(TimeSpan.FromTicks(1));
        await host.Probe.WaitingAsync(Id);
        await host.AdvanceAsync(Minute);
        await host.Probe.WaitingAsync(Id);
        await host.RestartAsync();
        await host.AdvanceAsync(Minute * 2);

        Assert.Equal("on time", Output(await host.Probe.EndAsync(Id)));
    }
}
