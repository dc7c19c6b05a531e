using MidnightOS.Orchestrations.Durable;

namespace MidnightOS.Tests.Unit.Flows.Durable;

public sealed class EventInboxTests
{
    private readonly EventInbox _inbox = new();

    [Fact]
    public async Task Receive_BeforeTheWait_IsKeptInOrderByName()
    {
        Raise("1", "a", "one");
        Raise("2", "b", "two");
        Raise("3", "a", "three");

        Assert.Equal("one", await _inbox.Wait("a").Payload);
        Assert.Equal("three", await _inbox.Wait("a").Payload);
        Assert.Equal("two", await _inbox.Wait("b").Payload);
        Assert.False(_inbox.Wait("a").Payload.IsCompleted);
    }

    [Fact]
    public async Task Receive_WhileSeveralWait_GoesToTheFirst()
    {
        var first = _inbox.Wait("a");
        var second = _inbox.Wait("a");

        Raise("1", "a", "one");

        Assert.Equal("one", await first.Payload);
        Assert.False(second.Payload.IsCompleted);
    }

    [Fact]
    public async Task Receive_SameEventAgain_CountsOnceAlsoAfterItWasTaken()
    {
        Raise("1", "a", "one");
        Raise("1", "a", "one");
        Assert.Equal("one", await _inbox.Wait("a").Payload);

        var next = _inbox.Wait("a");
        Raise("1", "a", "one");
        Assert.False(next.Payload.IsCompleted);
        Raise("2", "a", "two");

        Assert.Equal("two", await next.Payload);
    }

    [Fact]
    public async Task Withdraw_TimePassed_LeavesTheEventToTheNextWait()
    {
        var late = _inbox.Wait("a");
        _inbox.Withdraw(late);

        Raise("1", "a", "one");

        Assert.False(late.Payload.IsCompleted);
        Assert.Equal("one", await _inbox.Wait("a").Payload);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"eventId\":\"1\",\"name\":\"a\"}")]
    [InlineData("no JSON")]
    public void Read_WhatIsNoEventOfOurs_IsNull(string? json) => Assert.Null(RaisedEvent.Read(json));

    private void Raise(string id, string name, string payload) => _inbox.Receive(new RaisedEvent(id, name, payload));
}
