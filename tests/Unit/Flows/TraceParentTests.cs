using System.Diagnostics;
using MidnightOS.Core.Telemetry;

namespace MidnightOS.Tests.Unit.Flows;

/// <summary>What is stored of a trace, and what is made of it again.</summary>
public sealed class TraceParentTests
{
    [Fact]
    public void Current_InsideAnActivity_IsItsTraceparent()
    {
        using var activity = new Activity("a").SetIdFormat(ActivityIdFormat.W3C).Start();
        var context = TraceParent.Parse(TraceParent.Current);
        Assert.Equal((activity.TraceId, activity.SpanId, true), (context.TraceId, context.SpanId, context.IsRemote));
    }

    [Fact]
    public void Current_OutsideOfAny_IsNull()
    {
        Activity.Current = null;
        Assert.Null(TraceParent.Current);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c")]
    [InlineData("not a trace at all, but something a backup was damaged with")]
    public void Parse_WhatIsNone_IsNoParent(string? text) => Assert.Equal(default, TraceParent.Parse(text));
}
