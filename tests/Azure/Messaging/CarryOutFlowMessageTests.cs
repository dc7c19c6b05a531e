using System.Text;
using MidnightOS.Azure.Messaging;
using MidnightOS.Core.Flows;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.Messaging;

/// <summary>What the flows' app does with a message of its queue.</summary>
public sealed class CarryOutFlowMessageTests
{
    private readonly Flows _flows = new();
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task RunAsync_Start_StartsTheFlow()
    {
        Assert.Equal(FlowDelivery.Done, await RunAsync(FlowMessage.OfStart("transaction", "txn_1", "{\"a\":1}").ToJson()));

        Assert.Equal(["start transaction txn_1 {\"a\":1}"], _flows.Calls);
    }

    [Fact]
    public async Task RunAsync_Event_RaisesIt()
    {
        Assert.Equal(FlowDelivery.Done, await RunAsync(FlowMessage.OfEvent("txn_1", "e1", "proved", "\"x\"").ToJson()));

        Assert.Equal(["raise txn_1 e1 proved \"x\""], _flows.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("{\"id\":\"txn_1\"}")]
    public async Task RunAsync_Unreadable_IsPutAsideWithItsReasonAndWithoutItsBody(string body)
    {
        var delivery = await RunAsync(Encoding.UTF8.GetBytes(body));

        Assert.Equal(("unreadable", "The body is no message of the queue flows."), (delivery.PutAside, delivery.Detail));
        Assert.Empty(_flows.Calls);
    }

    [Fact]
    public async Task RunAsync_TaskHubComesBackInTime_IsTriedUntilItIsDone()
    {
        _flows.Failures = 3;
        var run = RunAsync(FlowMessage.OfStart("transaction", "txn_1", "{}").ToJson());

        await PassUntilAsync(run);

        Assert.Equal(FlowDelivery.Done, await run);
        Assert.Equal(4, _flows.Calls.Count);
    }

    [Fact]
    public async Task RunAsync_TaskHubStaysAway_IsGivenBackAfterAboutAMinute()
    {
        _flows.Failures = int.MaxValue;
        var began = _clock.GetUtcNow();
        var run = RunAsync(FlowMessage.OfStart("transaction", "txn_1", "{}").ToJson());

        await PassUntilAsync(run);

        await Assert.ThrowsAsync<InvalidOperationException>(() => run);
        Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.FromSeconds(40), CarryOutFlowMessage.Patience);
    }

    private Task<FlowDelivery> RunAsync(byte[] body) => new CarryOutFlowMessage(_flows, _clock).RunAsync(body, null, CancellationToken.None);

    private async Task PassUntilAsync(Task run)
    {
        while (!run.IsCompleted)
        {
            if (_clock.WaitingTimers > 0)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            await Task.Yield();
        }
    }

    private sealed class Flows : IFlowClient
    {
        public List<string> Calls { get; } = [];

        public int Failures { get; set; }

        public Task<bool> StartAsync(string flow, string id, string inputJson, CancellationToken cancellationToken)
        {
            Add($"start {flow} {id} {inputJson}");
            return Task.FromResult(true);
        }

        public Task RaiseAsync(string id, string eventId, string name, string payloadJson, CancellationToken cancellationToken)
        {
            Add($"raise {id} {eventId} {name} {payloadJson}");
            return Task.CompletedTask;
        }

        public Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

        private void Add(string call)
        {
            Calls.Add(call);
            if (Failures-- > 0)
            {
                throw new InvalidOperationException("The task hub is out of reach.");
            }
        }
    }
}
