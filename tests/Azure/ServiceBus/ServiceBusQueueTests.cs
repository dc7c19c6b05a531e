using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Messaging;
using MidnightOS.Azure.ServiceBus;
using MidnightOS.Core.Storage;

namespace MidnightOS.Tests.Azure.ServiceBus;

/// <summary>What Service Bus is given, and what its failures mean.</summary>
public sealed class ServiceBusQueueTests
{
    private static readonly QueueMessage Message = new("flows", "start:a", "a", "{}"u8.ToArray()) { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

    [Fact]
    public async Task SendAsync_GivesIdSessionBodyAndTrace()
    {
        var client = new FakeClient(null);
        await using var queue = new ServiceBusQueue(client, TimeProvider.System);
        await queue.SendAsync(Message, default);
        await queue.SendAsync(Message with { TraceParent = null }, default);
        Assert.Equal(["flows"], client.Senders);
        Assert.Equal(("start:a", "a", "{}", "application/json"), (client.Sent[0].MessageId, client.Sent[0].SessionId, client.Sent[0].Body.ToString(), client.Sent[0].ContentType));
        Assert.Equal(Message.TraceParent, client.Sent[0].ApplicationProperties["traceparent"]);
        Assert.Empty(client.Sent[1].ApplicationProperties);
    }

    [Theory]
    [InlineData(ServiceBusFailureReason.ServiceTimeout)]
    [InlineData(ServiceBusFailureReason.ServiceBusy)]
    [InlineData(ServiceBusFailureReason.ServiceCommunicationProblem)]
    [InlineData(ServiceBusFailureReason.QuotaExceeded)]
    [InlineData(ServiceBusFailureReason.MessagingEntityNotFound)]
    [InlineData(ServiceBusFailureReason.GeneralError)]
    public async Task SendAsync_Outage_IsTheStoragesUnavailability(ServiceBusFailureReason reason)
    {
        await using var queue = new ServiceBusQueue(new FakeClient(new ServiceBusException("no", reason)), TimeProvider.System);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => queue.SendAsync(Message, default));
    }

    [Fact]
    public async Task SendAsync_RightMissing_IsTheStoragesUnavailability()
    {
        await using var queue = new ServiceBusQueue(new FakeClient(new UnauthorizedAccessException("no claim")), TimeProvider.System);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => queue.SendAsync(Message, default));
    }

    [Fact]
    public async Task SendAsync_MessageTooLarge_IsABug()
    {
        await using var queue = new ServiceBusQueue(new FakeClient(new ServiceBusException("no", ServiceBusFailureReason.MessageSizeExceeded)), TimeProvider.System);
        await Assert.ThrowsAsync<ServiceBusException>(() => queue.SendAsync(Message, default));
    }

    [Theory]
    [InlineData("sbns-x.servicebus.windows.net", true)]
    [InlineData("", false)]
    [InlineData("Endpoint=sb://x;SharedAccessKey=y", false)]
    public async Task AddServiceBus_Namespace_IsChecked(string name, bool valid)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ServiceBus:fullyQualifiedNamespace", name)]).Build();
        await using var services = new ServiceCollection().AddServiceBus(configuration).BuildServiceProvider();
        if (valid)
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            Assert.IsType<ServiceBusQueue>(services.GetRequiredService<IMessageQueue>());
            return;
        }

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("ServiceBus:fullyQualifiedNamespace", error.Message, StringComparison.Ordinal);
    }

    private sealed class FakeClient(Exception? failure) : ServiceBusClient
    {
        public List<string> Senders { get; } = [];

        public List<ServiceBusMessage> Sent { get; } = [];

        public override ServiceBusSender CreateSender(string queueOrTopicName)
        {
            Senders.Add(queueOrTopicName);
            return new FakeSender(failure, Sent);
        }
    }

    private sealed class FakeSender(Exception? failure, List<ServiceBusMessage> sent) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            sent.Add(message);
            return failure is null ? Task.CompletedTask : Task.FromException(failure);
        }

        public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
