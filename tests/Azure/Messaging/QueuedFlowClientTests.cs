using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Azure.Messaging;
using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Azure.Messaging;

/// <summary>How the API and the prover reach flows.</summary>
public sealed class QueuedFlowClientTests
{
    private readonly RecordingQueue _queue = new();

    [Fact]
    public async Task StartAsync_SendsTheStartInTheFlowsSession()
    {
        Assert.True(await Client().StartAsync("transfer", "txn_1", """{"a":1}""", default));
        var sent = Assert.Single(_queue.Sent);
        Assert.Equal(("flows", "start:txn_1", "txn_1"), (sent.Queue, sent.MessageId, sent.SessionId));
        Assert.Equal("""{"a":1}""", FlowMessage.Read(sent.Body)!.Start!.InputJson);
    }

    [Fact]
    public async Task RaiseAsync_RaisedAgain_SendsTheSameId()
    {
        await Client().RaiseAsync("txn_1", "obx_1", "changed", "1", default);
        await Client().RaiseAsync("txn_1", "obx_1", "changed", "1", default);
        Assert.Equal(["event:txn_1:obx_1", "event:txn_1:obx_1"], _queue.Sent.Select(static sent => sent.MessageId));
    }

    [Fact]
    public async Task StartAsync_InsideATrace_CarriesIt()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await Client().StartAsync("transfer", "txn_1", "{}", default);
        Assert.Equal(activity.Id, Assert.Single(_queue.Sent).TraceParent);
    }

    [Fact]
    public async Task StartAsync_InputAboveTheLimit_SendsNothing()
    {
        await Assert.ThrowsAsync<FlowPayloadTooLargeException>(() => Client().StartAsync("transfer", "txn_1", $"\"{new string('x', FlowLimits.MaxPayloadBytes)}\"", default));
        Assert.Empty(_queue.Sent);
    }

    [Fact]
    public async Task FindAsync_IsNotForThisApp() => await Assert.ThrowsAsync<NotSupportedException>(() => Client().FindAsync("txn_1", default));

    private IFlowClient Client() => new ServiceCollection().AddSingleton<IMessageQueue>(_queue).AddQueuedFlows().BuildServiceProvider().GetRequiredService<IFlowClient>();

    private sealed class RecordingQueue : IMessageQueue
    {
        public List<QueueMessage> Sent { get; } = [];

        public Task SendAsync(QueueMessage message, CancellationToken cancellationToken)
        {
            Sent.Add(message);
            return Task.CompletedTask;
        }
    }
}
