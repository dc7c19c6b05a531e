using MidnightOS.Core.Flows;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>Flows that break the rules are ended with an error that says which rule.</summary>
public sealed class FlowRulesTests : IDisposable
{
    private const string Id = "op_1";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly FlowProbe _probe = new();

    public void Dispose() => _folder.Dispose();

    public static readonly TheoryData<string, string> Changes = new()
    {
        { "renamed step", "its call 1 is step 'other', its journal has StepCompleted 'do'" },
        { "step became a wait", "its call 1 is wait for event 'do', its journal has StepCompleted 'do'" },
        { "step became a delay", "its call 1 is delay, its journal has StepCompleted 'do'" },
        { "ends early", "it ended where its journal goes on with call 2" },
        { "no second step", "its call 2 is delay, its journal has StepCompleted 'other'" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Replay_ByChangedCode_FailsTheFlowAndNamesTheCall(string change, string expected)
    {
        await using (var before = await StartAsync(Original))
        {
            await Begin(before);
            await _probe.WaitingAsync(Id);
        }

        await using var after = await StartAsync((context, input) => Changed(change, context, input));
        await after.AdvanceAsync(TimeSpan.FromHours(1));
        var state = await _probe.EndAsync(Id);

        Assert.Equal(FlowStatus.Failed, state.Status);
        Assert.Contains(expected, state.Error, StringComparison.Ordinal);
        Assert.Contains("needs a new name", state.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Task.Delay")]
    [InlineData("Task.Run")]
    [InlineData("ConfigureAwait(false), then a call")]
    [InlineData("ConfigureAwait(false), then the end")]
    [InlineData("WhenAny with a foreign task")]
    [InlineData("a call from another thread")]
    [InlineData("never completed")]
    public async Task Run_FlowAwaitsSomethingForeign_FailsTheFlow(string kind)
    {
        await using var host = await StartAsync((context, input) => Foreign(kind, context, input));
        await Begin(host);

        var state = await _probe.EndAsync(Id);

        Assert.Equal(FlowStatus.Failed, state.Status);
        Assert.Contains("not of its context", state.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FlowYieldsAndAwaitsCompletedTasks_Completes()
    {
        await using var host = await StartAsync(async (context, input) =>
        {
            await Task.Yield();
            await Task.CompletedTask;
            var result = await context.CallAsync(FlowScript.Do, input);
            await Task.Yield();
            return result;
        });
        await Begin(host);

        Assert.Equal(FlowStatus.Completed, (await _probe.EndAsync(Id)).Status);
    }

    [Fact]
    public async Task Run_ContextWithWrongArguments_FailsTheFlow()
    {
        await using var host = await StartAsync(async (context, input) =>
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => context.CallAsync(FlowScript.Do, input, new RetryPolicy(0, TimeSpan.Zero, 1, TimeSpan.Zero)));
            Assert.Throws<ArgumentException>(() => context.SetCustomStatus(new string('x', FlowLimits.MaxCustomStatusLength + 1)));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => context.DelayAsync(TimeSpan.FromTicks(-1)));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => context.WaitForEventAsync<string>("go", TimeSpan.FromTicks(-1)));
            return error.Message;
        });
        await Begin(host);

        Assert.Contains("MaxAttempts", (await _probe.EndAsync(Id)).OutputJson, StringComparison.Ordinal);
    }

    private static async Task<string> Original(IFlowContext context, string input)
    {
        await context.CallAsync(FlowScript.Do, input);
        await context.CallAsync(FlowScript.Other, input);
        await context.DelayAsync(TimeSpan.FromHours(1));
        return "end";
    }

    private static async Task<string> Changed(string change, IFlowContext context, string input)
    {
        switch (change)
        {
            case "renamed step":
                await context.CallAsync(FlowScript.Other, input);
                break;
            case "step became a wait":
                await context.WaitForEventAsync<string>("do", TimeSpan.FromHours(1));
                break;
            case "step became a delay":
                await context.DelayAsync(TimeSpan.FromHours(1));
                break;
            default:
                await context.CallAsync(FlowScript.Do, input);
                break;
        }

        if (change == "ends early")
        {
            return "early";
        }

        await context.DelayAsync(TimeSpan.FromHours(1));
        return "end";
    }

    private static async Task<string> Foreign(string kind, IFlowContext context, string input)
    {
        switch (kind)
        {
            case "Task.Delay":
                await Task.Delay(1);
                return "end";
            case "Task.Run":
                return await Task.Run(() => "end");
            case "ConfigureAwait(false), then a call":
                await context.CallAsync(FlowScript.Do, input).ConfigureAwait(false);
                return await context.CallAsync(FlowScript.Do, input);
            case "ConfigureAwait(false), then the end":
                return await context.CallAsync(FlowScript.Do, input).ConfigureAwait(false);
            case "WhenAny with a foreign task":
                await Task.WhenAny(Task.Delay(1), context.CallAsync(FlowScript.Do, "block"));
                return "end";
            case "a call from another thread":
                var call = Task.Run(() => context.CallAsync(FlowScript.Do, input));
                return await await Task.WhenAny(call, context.CallAsync(FlowScript.Do, "block"));
            default:
                return await new TaskCompletionSource<string>().Task;
        }
    }

    private static Task<bool> Begin(EmbeddedFlowHost host) => host.Client.StartAsync(FlowScript.Flow.Name, Id, "\"in\"", CancellationToken.None);

    private Task<EmbeddedFlowHost> StartAsync(Func<IFlowContext, string, Task<string>> run) =>
        EmbeddedFlowHost.StartAsync(_folder.Path, _clock, _probe, EmbeddedFlowHost.Scripted(new FlowScript { Run = run, Step = StepAsync }));

    private static async Task<string> StepAsync(StepKey key, string input, CancellationToken cancellationToken)
    {
        if (input == "block")
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return input;
    }
}
