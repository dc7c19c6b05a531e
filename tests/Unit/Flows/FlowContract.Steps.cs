using System.Collections.Concurrent;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Unit.Flows;

public abstract partial class FlowContract
{
    private static RetryPolicy ThreeTimes => new(3, Minute, 2, TimeSpan.FromMinutes(90));

    private static IEnumerable<string> Letters => ["a", "b", "c"];

    [Fact]
    public async Task CallAsync_StepThrowsTwice_IsTriedAgainWithTheSameCallNumber()
    {
        var keys = new ConcurrentQueue<StepKey>();
        var script = new FlowScript
        {
            Run = (context, input) => context.CallAsync(FlowScript.Do, input, ThreeTimes),
            Step = (key, input, _) =>
            {
                keys.Enqueue(key);
                return key.Attempt < 3 ? throw new InvalidOperationException("not yet") : Task.FromResult(input + "!");
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);
        await host.AdvanceAsync(Minute);
        await host.Probe.WaitingAsync(Id);

        // The count of attempts and the next time are durable.
        await host.RestartAsync();
        await host.AdvanceAsync(Minute);
        Assert.Equal(2, keys.Count);
        await host.AdvanceAsync(Minute);

        Assert.Equal("in!", Output(await host.Probe.EndAsync(Id)));
        Assert.Equal([new StepKey(Id, 1, 1), new StepKey(Id, 1, 2), new StepKey(Id, 1, 3)], keys);
    }

    [Fact]
    public async Task CallAsync_StepThrowsOnLastAttempt_IsStepFailedThatTheFlowCanCatch()
    {
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                try
                {
                    return await context.CallAsync(FlowScript.Do, input, RetryPolicy.None);
                }
                catch (StepFailedException failure)
                {
                    return await context.CallAsync(FlowScript.Other, $"undone after {failure.Step}: {failure.Message}");
                }
            },
            Step = (key, input, _) => key.Sequence == 1 ? throw new InvalidOperationException("broken") : Task.FromResult(input),
        };
        await using var host = await StartAsync(script);
        await Begin(host);

        Assert.Equal("undone after do: do: broken", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task CallAsync_StepFailedAndNotCaught_FailsTheFlowWithItsReason()
    {
        var script = new FlowScript
        {
            Run = (context, input) => context.CallAsync(FlowScript.Do, input, RetryPolicy.None),
            Step = (_, _, _) => throw new InvalidOperationException("broken"),
        };
        await using var host = await StartAsync(script);
        await Begin(host);

        var state = await host.Probe.EndAsync(Id);

        Assert.Equal((FlowStatus.Failed, "do: broken", null), (state.Status, state.Error, state.OutputJson));
        Assert.Equal("do: broken", (await host.Client.FindAsync(Id, CancellationToken.None))!.Error);
    }

    [Fact]
    public async Task RunAsync_FlowThrows_FailsWithItsMessage()
    {
        await using var host = await StartAsync(new FlowScript { Run = (_, _) => throw new InvalidOperationException("a bug") });
        await Begin(host);

        var state = await host.Probe.EndAsync(Id);

        Assert.Equal((FlowStatus.Failed, "a bug"), (state.Status, state.Error));
    }

    [Fact]
    public async Task CallAsync_SideBySide_RunTogetherEachWithItsOwnKey()
    {
        var together = new Barrier(3);
        var keys = new ConcurrentQueue<int>();
        var script = new FlowScript
        {
            Run = async (context, _) =>
                string.Concat(await Task.WhenAll(Letters.Select(s => context.CallAsync(FlowScript.Do, s)))),
            Step = (key, input, _) => Task.Run(() =>
            {
                keys.Enqueue(key.Sequence);
                Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(60)));
                return input;
            }),
        };
        await using var host = await StartAsync(script);
        await Begin(host);

        Assert.Equal("abc", Output(await host.Probe.EndAsync(Id)));
        Assert.Equal([1, 2, 3], keys.Order());
    }

    [Fact]
    public async Task SetCustomStatus_BeforeAStep_IsSeenWhileTheStepRuns()
    {
        var running = new SemaphoreSlim(0);
        var release = new SemaphoreSlim(0);
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                context.SetCustomStatus("first");
                await context.CallAsync(FlowScript.Do, input);
                context.SetCustomStatus("overwritten");
                context.SetCustomStatus("second");
                await context.CallAsync(FlowScript.Do, input);
                return input;
            },
            Step = async (_, input, stopped) =>
            {
                running.Release();
                await release.WaitAsync(stopped);
                return input;
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);

        foreach (var expected in new[] { "first", "second" })
        {
            await running.WaitAsync();
            Assert.Equal(expected, (await host.Client.FindAsync(Id, CancellationToken.None))!.CustomStatus);
            release.Release();
        }

        Assert.Equal("second", (await host.Probe.EndAsync(Id)).CustomStatus);
        Assert.Equal("second", (await host.Client.FindAsync(Id, CancellationToken.None))!.CustomStatus);
    }

    [Fact]
    public async Task CallAsync_OutputTooLarge_FailsTheStepAtOnceWithAClearError()
    {
        var runs = 0;
        var script = new FlowScript
        {
            Run = (context, input) => context.CallAsync(FlowScript.Do, input, ThreeTimes),
            Step = (_, _, _) =>
            {
                Interlocked.Increment(ref runs);
                return Task.FromResult(new string('x', FlowLimits.MaxPayloadBytes));
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);

        var state = await host.Probe.EndAsync(Id);

        Assert.Equal(FlowStatus.Failed, state.Status);
        Assert.Contains("larger than 64 KB", state.Error, StringComparison.Ordinal);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task CallAsync_LargestOutput_IsKeptWhole()
    {
        var largest = new string('x', FlowLimits.MaxPayloadBytes - 2);
        var script = new FlowScript
        {
            Run = async (context, input) => (await context.CallAsync(FlowScript.Do, input)).Length.ToString(),
            Step = (_, _, _) => Task.FromResult(largest),
        };
        await using var host = await StartAsync(script);
        await Begin(host);

        Assert.Equal("65534", Output(await host.Probe.EndAsync(Id)));
    }

    [Fact]
    public async Task CallAsync_InputTooLarge_FailsTheFlow()
    {
        var script = new FlowScript { Run = (context, _) => context.CallAsync(FlowScript.Do, new string('x', FlowLimits.MaxPayloadBytes)) };
        await using var host = await StartAsync(script);
        await Begin(host);

        var state = await host.Probe.EndAsync(Id);

        Assert.Contains("The input of step 'do' is larger than 64 KB", state.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_InputTooLargeOrUnknownName_Throws()
    {
        await using var host = await StartAsync(new FlowScript { Run = (_, input) => Task.FromResult(input) });
        var tooLarge = DocumentJson.ToText(new string('x', FlowLimits.MaxPayloadBytes));

        await Assert.ThrowsAsync<FlowPayloadTooLargeException>(() => host.Client.StartAsync("scripted", Id, tooLarge, CancellationToken.None));
        await Assert.ThrowsAsync<FlowPayloadTooLargeException>(() => host.Client.RaiseAsync(Id, "e1", "go", tooLarge, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.StartAsync("unknown", Id, "\"\"", CancellationToken.None));
    }

    [Fact]
    public async Task CallAsync_ThousandSteps_GoThroughAndReplay()
    {
        var runs = 0;
        var script = new FlowScript
        {
            Run = async (context, _) =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    await context.CallAsync(FlowScript.Do, "x");
                }

                await context.DelayAsync(Minute);
                return await context.CallAsync(FlowScript.Do, "end");
            },
            Step = (_, input, _) =>
            {
                Interlocked.Increment(ref runs);
                return Task.FromResult(input);
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await host.Probe.WaitingAsync(Id);
        await host.RestartAsync();
        await host.AdvanceAsync(Minute);

        Assert.Equal("end", Output(await host.Probe.EndAsync(Id)));
        Assert.Equal(1001, runs);
    }

    [Fact]
    public async Task StartAsync_TwoHundredFlowsAtOnce_AllEnd()
    {
        var script = new FlowScript
        {
            Run = async (context, input) =>
            {
                var first = await context.CallAsync(FlowScript.Do, input);
                var taken = await Wait(context, "go", Minute);
                return await context.CallAsync(FlowScript.Do, first + taken);
            },
        };
        await using var host = await StartAsync(script);
        var ids = Enumerable.Range(0, 200).Select(i => $"op_{i}").ToList();

        await Task.WhenAll(ids.Select(async id =>
        {
            await Begin(host, id, id);
            await Raise(host, "e", "go", "!", id);
        }));
        var states = await Task.WhenAll(ids.Select(host.Probe.EndAsync));

        Assert.Equal(ids.Select(id => id + "!"), states.Select(Output));
    }

    [Fact]
    public async Task Restart_WhileAStepRuns_RunsItAgainAsTheSameAttempt()
    {
        var keys = new ConcurrentQueue<StepKey>();
        var running = new TaskCompletionSource();
        var script = new FlowScript
        {
            Run = (context, input) => context.CallAsync(FlowScript.Do, input, RetryPolicy.None),
            Step = async (key, input, stopped) =>
            {
                keys.Enqueue(key);
                if (keys.Count == 1)
                {
                    running.SetResult();
                    await Task.Delay(Timeout.Infinite, stopped);
                }

                return input;
            },
        };
        await using var host = await StartAsync(script);
        await Begin(host);
        await running.Task;

        await host.RestartAsync();

        Assert.Equal("in", Output(await host.Probe.EndAsync(Id)));
        Assert.Equal([new StepKey(Id, 1, 1), new StepKey(Id, 1, 1)], keys);
    }
}
