using System.Collections.Concurrent;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>Hosts that die, stall or share a folder.</summary>
public sealed class FlowCrashTests : IDisposable
{
    private const string Id = "txn_1";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly FlowProbe _probe = new();
    private readonly ConcurrentQueue<StepKey> _runs = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int> Boundaries()
    {
        var data = new TheoryData<string, int>();
        foreach (var boundary in new[] { "before the step", "before its journal", "after its journal" })
        {
            for (var sequence = 1; sequence <= 3; sequence++)
            {
                data.Add(boundary, sequence);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task Crash_AtABoundary_AnotherHostGoesOnWhenTheLeaseRanOut(string boundary, int sequence)
    {
        var crashed = new TaskCompletionSource();
        await using var first = await StartAsync(_clock, Counting());
        SetCrash(boundary, sequence, () =>
        {
            first.Crash();
            crashed.SetResult();
        });
        await Begin(first);
        await crashed.Task;
        SetCrash("", 0, () => { });

        await using var second = await StartAsync(_clock, Counting());
        await second.AdvanceAsync(TimeSpan.FromSeconds(11));
        var state = await _probe.EndAsync(Id);

        Assert.Equal("\"in...\"", state.OutputJson);
        List<int> expected = [1, 2, 3];
        if (boundary == "before its journal")
        {
            expected.Add(sequence);
        }

        Assert.Equal(expected.Order(), _runs.Select(k => k.Sequence).Order());
        Assert.All(_runs, k => Assert.Equal(1, k.Attempt));
        Assert.Equal(1, _probe.Ends[Id]);
    }

    [Fact]
    public async Task Crash_WhileLeaseHolds_FlowIsLeftAlone()
    {
        var crashed = new TaskCompletionSource();
        await using var first = await StartAsync(_clock, Counting());
        SetCrash("before its journal", 2, () =>
        {
            first.Crash();
            crashed.SetResult();
        });
        await Begin(first);
        await crashed.Task;
        SetCrash("", 0, () => { });

        await using var second = await StartAsync(_clock, Counting());
        await second.AdvanceAsync(TimeSpan.FromSeconds(9));
        await second.Client.StartAsync(FlowScript.Flow.Name, "txn_2", "\"in\"", CancellationToken.None);
        await _probe.EndAsync("txn_2");

        Assert.Equal(2, _runs.Count(k => k.FlowId == Id));
        Assert.Equal(FlowStatus.Running, (await second.Client.FindAsync(Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Stall_LeaseTakenByAnother_FirstHostCanWriteNothing()
    {
        var ahead = new ManualTimeProvider(_clock.GetUtcNow() + TimeSpan.FromHours(1));
        var running = new TaskCompletionSource();
        var stalled = new TaskCompletionSource<string>();
        await using var first = await StartAsync(_clock, Script((_, _, _) =>
        {
            running.SetResult();
            return stalled.Task;
        }));
        await Begin(first);
        await running.Task;

        await using var second = await StartAsync(ahead, Script((_, _, _) => Task.FromResult("second")));
        var state = await _probe.EndAsync(Id);
        var returned = new TaskCompletionSource();
        _probe.AtReturn = _ => returned.SetResult();
        stalled.SetResult("first");
        await returned.Task;
        await first.Engine.StopAsync(CancellationToken.None);

        Assert.Equal("\"second\"", state.OutputJson);
        Assert.Equal("\"second\"", (await first.Client.FindAsync(Id, CancellationToken.None))!.OutputJson);
        Assert.Single(_probe.Journalled);
        Assert.Equal(1, _probe.Ends[Id]);
    }

    [Fact]
    public async Task Renewal_LeaseTakenByAnother_StopsTheStep()
    {
        var ahead = new ManualTimeProvider(_clock.GetUtcNow() + TimeSpan.FromHours(1));
        var running = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        await using var first = await StartAsync(_clock, Script(async (_, _, stop) =>
        {
            running.SetResult();
            await using var registration = stop.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
            return "first";
        }));
        await Begin(first);
        await running.Task;
        await using var second = await StartAsync(ahead, Script((_, _, _) => Task.FromResult("second")));
        await _probe.EndAsync(Id);

        await first.AdvanceAsync(TimeSpan.FromSeconds(4));

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Single(_probe.Journalled);
    }

    [Fact]
    public async Task Renewal_StepLongerThanTheLease_KeepsTheFlow()
    {
        var running = new TaskCompletionSource();
        var release = new TaskCompletionSource<string>();
        await using var first = await StartAsync(_clock, Script((key, _, _) =>
        {
            _runs.Enqueue(key);
            running.SetResult();
            return release.Task;
        }));
        await using var second = await StartAsync(_clock, Counting());
        await Begin(first);
        await running.Task;
        for (var i = 0; i < 20; i++)
        {
            await first.AdvanceAsync(TimeSpan.FromSeconds(3));
            await second.AdvanceAsync(TimeSpan.Zero);
        }

        release.SetResult("out");

        Assert.Equal("\"out\"", (await _probe.EndAsync(Id)).OutputJson);
        Assert.Single(_runs);
    }

    [Fact]
    public async Task TwoHosts_OnOneFolder_RunEachStepOnce()
    {
        var script = Counting();
        await using var first = await StartAsync(TimeProvider.System, script, Patient);
        await using var second = await StartAsync(TimeProvider.System, script, Patient);
        var ids = Enumerable.Range(0, 80).Select(i => $"txn_{i}").ToList();

        await Task.WhenAll(ids.Select((id, i) => Begin(i % 2 == 0 ? first : second, id)));
        await Task.WhenAll(ids.Select(_probe.EndAsync));

        Assert.Equal(ids.Count * 3, _runs.Count);
        Assert.Equal(_runs.Count, _runs.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(1, _probe.Ends[id]));
    }

    [Fact]
    public async Task TwoHosts_EventRaisedOnTheOther_ReachesTheFlow()
    {
        var script = new FlowScript
        {
            Run = async (context, _) =>
            {
                var step = context.CallAsync(FlowScript.Do, "x");
                var taken = await context.WaitForEventAsync<string>("go", TimeSpan.FromHours(1));
                await context.CallAsync(FlowScript.Other, "release");
                return taken.Payload + await step;
            },
            Step = BlockUntilReleased(),
        };
        await using var first = await StartAsync(TimeProvider.System, script, Patient);
        var running = new TaskCompletionSource();
        _probe.AtStart = _ => running.TrySetResult();
        await Begin(first);
        await running.Task;

        // The flow is held by the first host with a step that runs; the second host only raises.
        await using var second = await StartAsync(TimeProvider.System, script, Patient);
        await second.Client.RaiseAsync(Id, "e1", "go", "\"heard \"", CancellationToken.None);

        Assert.Equal("\"heard x\"", (await _probe.EndAsync(Id)).OutputJson);
    }

    [Fact]
    public async Task TwoHosts_FlowThatOneDoesNotKnow_IsLeftToTheOther()
    {
        var script = Script((_, input, _) => Task.FromResult(input));
        await using var ignorant = await EmbeddedFlowHost.StartAsync(_folder.Path, _clock, _probe, _ => { });
        await using var knowing = await StartAsync(_clock, script);
        await knowing.Engine.StopAsync(CancellationToken.None);
        await Begin(knowing);
        await ignorant.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(FlowStatus.Running, (await ignorant.Client.FindAsync(Id, CancellationToken.None))!.Status);

        await knowing.RestartAsync();

        Assert.Equal(FlowStatus.Completed, (await _probe.EndAsync(Id)).Status);
    }

    private static void Patient(FlowEngineOptions options)
    {
        options.PollInterval = TimeSpan.FromMilliseconds(20);
        options.LeaseDuration = TimeSpan.FromMinutes(2);
    }

    private static Func<StepKey, string, CancellationToken, Task<string>> BlockUntilReleased()
    {
        var release = new TaskCompletionSource();
        return async (_, input, _) =>
        {
            if (input == "release")
            {
                release.SetResult();
            }

            await release.Task;
            return input;
        };
    }

    private static FlowScript Script(Func<StepKey, string, CancellationToken, Task<string>> step) => new()
    {
        Run = (context, input) => context.CallAsync(FlowScript.Do, input),
        Step = step,
    };

    private static Task<bool> Begin(EmbeddedFlowHost host, string id = Id) =>
        host.Client.StartAsync(FlowScript.Flow.Name, id, DocumentJson.ToText("in"), CancellationToken.None);

    private Task<EmbeddedFlowHost> StartAsync(TimeProvider clock, FlowScript script, Action<FlowEngineOptions>? configure = null) =>
        EmbeddedFlowHost.StartAsync(_folder.Path, clock, _probe, EmbeddedFlowHost.Scripted(script), configure);

    private FlowScript Counting() => new()
    {
        Run = async (context, input) =>
        {
            for (var i = 0; i < 3; i++)
            {
                input = await context.CallAsync(FlowScript.Do, input);
            }

            return input;
        },
        Step = (key, input, _) =>
        {
            _runs.Enqueue(key);
            return Task.FromResult(input + ".");
        },
    };

    private void SetCrash(string boundary, int sequence, Action crash)
    {
        _probe.AtStart = At("before the step", stage =>
        {
            crash();
            throw new InvalidOperationException($"The process would be gone before {stage.Key}.");
        });
        _probe.AtReturn = At("before its journal", _ => crash());
        _probe.AtJournal = At("after its journal", _ => crash());

        Action<StepStage>? At(string place, Action<StepStage> act) => place != boundary ? null : stage =>
        {
            if (stage.Key.Sequence == sequence)
            {
                act(stage);
            }
        };
    }
}
