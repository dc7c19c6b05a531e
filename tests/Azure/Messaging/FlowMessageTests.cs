using System.Text;
using MidnightOS.Azure.Messaging;
using MidnightOS.Core.Flows;

namespace MidnightOS.Tests.Azure.Messaging;

/// <summary>What the queue of flows carries.</summary>
public sealed class FlowMessageTests
{
    private const string Payload = """{"text":"é \" \u0001","nested":[1,null,{"a":1.50}]}""";

    [Fact]
    public void Read_WrittenStart_GivesItBack()
    {
        var message = FlowMessage.Read(FlowMessage.OfStart("transfer", "txn_1", Payload).ToJson())!;
        Assert.Equal(("txn_1", "transfer", Payload), (message.Id, message.Start!.Flow, message.Start.InputJson));
        Assert.Null(message.Event);
        Assert.Equal(("txn_1", "start:txn_1"), (message.SessionId, message.MessageId));
    }

    [Fact]
    public void Read_WrittenEvent_GivesItBack()
    {
        var message = FlowMessage.Read(FlowMessage.OfEvent("txn_1", "obx_7", "approved", Payload).ToJson())!;
        Assert.Equal(("txn_1", "obx_7", "approved", Payload), (message.Id, message.Event!.Id, message.Event.Name, message.Event.PayloadJson));
        Assert.Null(message.Start);
        Assert.Equal(("txn_1", "event:txn_1:obx_7"), (message.SessionId, message.MessageId));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{ \"spaced\" : 1 }")]
    public void Read_AnyJsonPayload_KeepsItsMeaning(string payload) =>
        Assert.Equal(payload.Replace(" ", "", StringComparison.Ordinal), FlowMessage.Read(FlowMessage.OfEvent("f", "e", "n", payload).ToJson())!.Event!.PayloadJson);

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":"f"}""")]
    [InlineData("""{"start":{"flow":"x","input":{}}}""")]
    [InlineData("""{"id":"f","start":{"flow":"x"}}""")]
    [InlineData("""{"id":"f","start":{"input":{}}}""")]
    [InlineData("""{"id":"f","event":{"id":"e","payload":{}}}""")]
    [InlineData("""{"id":"f","start":{"flow":"x","input":{}},"event":{"id":"e","name":"n","payload":{}}}""")]
    public void Read_WhatIsNoMessage_IsNull(string body) => Assert.Null(FlowMessage.Read(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("\\\"")]
    [InlineData("<")]
    [InlineData("\ud83d\ude00")]
    [InlineData("\u00e9")]
    public void ToJson_LargestPayload_IsBelowTheQueuesLimit(string text)
    {
        var payload = $"\"{string.Concat(Enumerable.Repeat(text, (FlowLimits.MaxPayloadBytes - 2) / System.Text.Encoding.UTF8.GetByteCount(text)))}\"";
        Assert.InRange(FlowMessage.OfEvent(new string('f', 100), new string('e', 100), "name", payload).ToJson().Length, FlowLimits.MaxPayloadBytes - 1, (256 * 1024) - 4096);
    }

    [Fact]
    public void OfStart_InputAboveTheLimit_IsRefused() =>
        Assert.Throws<FlowPayloadTooLargeException>(() => FlowMessage.OfStart("x", "f", $"\"{new string('a', FlowLimits.MaxPayloadBytes)}\""));

    [Fact]
    public void MessageId_OfLongIds_FitsTheQueueAndTellsThemApart()
    {
        var one = FlowMessage.OfEvent("txn_1", new string('e', 200) + "1", "n", "1");
        var two = FlowMessage.OfEvent("txn_1", new string('e', 200) + "2", "n", "1");
        Assert.InRange(one.MessageId.Length, 1, 128);
        Assert.NotEqual(one.MessageId, two.MessageId);
        Assert.Equal(one.MessageId, FlowMessage.OfEvent("txn_1", new string('e', 200) + "1", "n", "2").MessageId);
    }
}
