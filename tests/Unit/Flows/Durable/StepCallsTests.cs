using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Orchestrations.Durable;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Tests.Unit.Flows.Durable;

/// <summary>Attempts of steps on a durable host.</summary>
public sealed class StepCallsTests
{
    private static readonly StepRequest Call = new("flow", "op_1", "build", 3, 1, "\"in\"", null);

    private readonly ScriptedHost _host = new();
    private readonly FlowProbe _probe = new();

    [Fact]
    public async Task RunAsync_FailsTwice_NumbersTheAttemptsAndWaitsBetween()
    {
        _host.Answers = [Failed("a"), Failed("b"), Done("\"out\"")];

        var output = await RunAsync(new RetryPolicy(3, TimeSpan.FromSeconds(1), 4, TimeSpan.FromSeconds(3)));

        Assert.Equal("\"out\"", output);
        Assert.Equal([1, 2, 3], _host.Requests.Select(r => r.Attempt));
        Assert.All(_host.Requests, r => Assert.Equal(("op_1", "build", 3, "\"in\""), (r.FlowId, r.Step, r.Sequence, r.InputJson)));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)], _host.Waits);
    }

    [Fact]
    public async Task RunAsync_LastAttemptFails_ThrowsWithItsReason()
    {
        _host.Answers = [Failed("first"), Failed("last")];

        var failure = await Assert.ThrowsAsync<StepFailedException>(() => RunAsync(new RetryPolicy(2, TimeSpan.Zero, 1, TimeSpan.Zero)));

        Assert.Equal(("build", "build: last"), (failure.Step, failure.Message));
        Assert.Empty(_host.Waits);
    }

    [Fact]
    public async Task RunAsync_NotRetryable_IsTriedOnce()
    {
        _host.Answers = [() => new StepAnswer("build", 3, null, "too large", Retryable: false)];

        await Assert.ThrowsAsync<StepFailedException>(() => RunAsync(RetryPolicy.Default));

        Assert.Single(_host.Requests);
    }

    [Fact]
    public async Task RunAsync_ActivityIsLost_RunsTheSameAttemptAgain()
    {
        _host.Answers = [Lost, Lost, Done("\"out\"")];

        Assert.Equal("\"out\"", await RunAsync(RetryPolicy.None));

        Assert.Equal([1, 1, 1], _host.Requests.Select(r => r.Attempt));
    }

    [Fact]
    public async Task RunAsync_ActivityIsLostEachTime_CountsAsAFailedAttempt()
    {
        _host.Answers = [Lost, Lost, Lost, Lost, Lost, Done("\"out\"")];

        Assert.Equal("\"out\"", await RunAsync(new RetryPolicy(2, TimeSpan.Zero, 1, TimeSpan.Zero)));

        Assert.Equal([1, 1, 1, 1, 1, 2], _host.Requests.Select(r => r.Attempt));
    }

    [Fact]
    public async Task RunAsync_AnswerOfAnotherStep_SaysThatTheFlowWasChanged()
    {
        _host.Answers = [() => new StepAnswer("prove", 3, "\"out\"", null, true)];

        var defect = await Assert.ThrowsAsync<FlowDefectException>(() => RunAsync(RetryPolicy.None));

        Assert.Contains("call 3 is step 'build', its journal has call 3, step 'prove'", defect.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task RunAsync_Answered_IsToldOnceAndNotOnAReplay(bool replaying, int expected)
    {
        _host.IsReplaying = replaying;
        _host.Answers = [Done("\"out\"")];

        await RunAsync(RetryPolicy.None);

        Assert.Equal(expected, _probe.Journalled.Count(stage => stage.Key == new StepKey("op_1", 3, 1)));
    }

    private static Func<StepAnswer> Done(string output) => () => new StepAnswer("build", 3, output, null, true);

    private static Func<StepAnswer> Failed(string error) => () => new StepAnswer("build", 3, null, error, true);

    private static StepAnswer Lost() => throw new StepLostException("The worker went away.");

    private Task<string> RunAsync(RetryPolicy retry) => new StepCalls(_host, new FlowObservers([_probe]), CancellationToken.None).RunAsync(Call, retry);

    private sealed class ScriptedHost : IDurableHost
    {
        private int _next;

        public Func<StepAnswer>[] Answers { get; set; } = [];

        public List<StepRequest> Requests { get; } = [];

        public List<TimeSpan> Waits { get; } = [];

        public string InstanceId => "op_1";

        public bool IsReplaying { get; set; }

        public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch;

        public Task<string> RunStepAsync(string requestJson)
        {
            Requests.Add(DocumentJson.Deserialize<StepRequest>(requestJson));
            return Task.FromResult(DocumentJson.ToText(Answers[_next++]()));
        }

        public Task WaitUntilAsync(DateTimeOffset due, CancellationToken cancelled)
        {
            Waits.Add(due - Now);
            Now = due;
            return Task.CompletedTask;
        }

        public Task<string> NextEventAsync() => new TaskCompletionSource<string>().Task;

        public void SetCustomStatus(string status)
        {
        }
    }
}
