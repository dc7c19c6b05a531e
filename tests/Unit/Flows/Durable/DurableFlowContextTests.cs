using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Orchestrations.Durable;
using MidnightOS.Orchestrations.Engine;

namespace MidnightOS.Tests.Unit.Flows.Durable;

/// <summary>What a flow sees of a durable host, on a host that does what the test says.</summary>
public sealed class DurableFlowContextTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Host _host = new();
    private readonly DurableFlowContext _context;

    public DurableFlowContextTests()
    {
        // As on a host, what an event sets off runs before the next one comes.
        SynchronizationContext.SetSynchronizationContext(null);
        _context = Context("00-trace");
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task CallAsync_AfterWaitsAndDelays_HasTheNumberThatCountsThemAll()
    {
        _ = _context.WaitForEventAsync<string>("go", Minute);
        _ = _context.DelayAsync(Minute);
        await _context.CallAsync(FlowScript.Do, "in");
        await _context.CallAsync(FlowScript.Do, "in");

        Assert.Equal([3, 4], _host.Requests.Select(r => r.Sequence));
        Assert.All(_host.Requests, r => Assert.Equal(("flow", "op_1", "do", 1, "\"in\"", "00-trace"), (r.Flow, r.FlowId, r.Step, r.Attempt, r.InputJson, r.TraceParent)));
    }

    [Fact]
    public async Task WaitForEventAsync_EventFirst_CancelsItsTimer()
    {
        var wait = _context.WaitForEventAsync<string>("go", Minute);

        _host.Raise("e1", "go", "\"yes\"");

        Assert.Equal(new FlowEvent<string>(false, "yes"), await wait);
        Assert.True(_host.Timers.Single().Task.IsCanceled);
    }

    [Fact]
    public async Task WaitForEventAsync_TimeFirst_LeavesALaterEventToTheNextWait()
    {
        var wait = _context.WaitForEventAsync<string>("go", Minute);
        _host.Timers.Single().SetResult();
        Assert.True((await wait).TimedOut);

        _host.Raise("e1", "go", "\"late\"");

        Assert.Equal(new FlowEvent<string>(false, "late"), await _context.WaitForEventAsync<string>("go", Minute));
        Assert.Single(_host.Timers);
    }

    [Fact]
    public async Task WaitForEventAsync_SomethingElseWasRaisedToTheInstance_StillHears()
    {
        var wait = _context.WaitForEventAsync<string>("go", Minute);

        _host.RaiseRaw("an operator's test");
        _host.Raise("e1", "go", "\"yes\"");

        Assert.Equal("yes", (await wait).Payload);
    }

    [Fact]
    public void Dispose_FlowEnded_CancelsWhatStillWaits()
    {
        using (var context = Context(null))
        {
            _ = context.WaitForEventAsync<string>("go", Minute);
            _ = context.DelayAsync(Minute);
        }

        Assert.Equal([true, true], _host.Timers.Select(timer => timer.Task.IsCanceled));
    }

    [Fact]
    public void NewId_OnEachReplay_IsTheSameAndEachTimeAnother()
    {
        using var replay = Context(null);
        var first = _context.NewId("evt_");

        Assert.Equal(first, replay.NewId("evt_"));
        Assert.NotEqual(first, _context.NewId("evt_"));
    }

    [Fact]
    public async Task Calls_WithWrongArguments_AreRefusedAndNotCounted()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _context.CallAsync(FlowScript.Do, "in", new RetryPolicy(0, TimeSpan.Zero, 1, TimeSpan.Zero)));
        await Assert.ThrowsAsync<FlowPayloadTooLargeException>(() => _context.CallAsync(FlowScript.Do, new string('x', FlowLimits.MaxPayloadBytes)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _context.DelayAsync(TimeSpan.FromTicks(-1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _context.WaitForEventAsync<string>("go", TimeSpan.FromTicks(-1)));
        await Assert.ThrowsAsync<ArgumentException>(() => _context.WaitForEventAsync<string>("", Minute));
        Assert.Throws<ArgumentException>(() => _context.SetCustomStatus(new string('x', FlowLimits.MaxCustomStatusLength + 1)));

        await _context.CallAsync(FlowScript.Do, "in");

        Assert.Equal(1, _host.Requests.Single().Sequence);
    }

    private DurableFlowContext Context(string? trace) =>
        new(_host, new FlowStart("flow", "{}", _host.Now, trace), new IdGenerator(TimeProvider.System), new FlowObservers([]));

    private sealed class Host : IDurableHost
    {
        private readonly List<TaskCompletionSource<string>> _listening = [];

        public List<StepRequest> Requests { get; } = [];

        public List<TaskCompletionSource> Timers { get; } = [];

        public string InstanceId => "op_1";

        public bool IsReplaying => false;

        public DateTimeOffset Now { get; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

        public void Raise(string id, string name, string payloadJson) => RaiseRaw(DocumentJson.ToText(new RaisedEvent(id, name, payloadJson)));

        public void RaiseRaw(string text)
        {
            var listening = _listening.ToList();
            _listening.Clear();

            // With one, what goes on without one would go on elsewhere and later.
            var previous = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            listening.ForEach(l => l.SetResult(text));
            SynchronizationContext.SetSynchronizationContext(previous);
        }

        public Task<string> RunStepAsync(string requestJson)
        {
            var request = DocumentJson.Deserialize<StepRequest>(requestJson);
            Requests.Add(request);
            return Task.FromResult(DocumentJson.ToText(new StepAnswer(request.Step, request.Sequence, request.InputJson, null, true)));
        }

        public Task WaitUntilAsync(DateTimeOffset due, CancellationToken cancelled)
        {
            var timer = new TaskCompletionSource();
            Timers.Add(timer);
            cancelled.Register(() => timer.TrySetCanceled(cancelled));
            return timer.Task;
        }

        public Task<string> NextEventAsync()
        {
            var next = new TaskCompletionSource<string>();
            _listening.Add(next);
            return next.Task;
        }

        public void SetCustomStatus(string status)
        {
        }
    }
}
