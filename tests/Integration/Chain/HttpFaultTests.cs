using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain.GraphQl;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Chain;

public sealed class HttpFaultTests
{
    private const string Tip = """{"data":{"block":{"height":7,"hash":"0A","timestamp":1770787800000}}}""";

    [Fact]
    public async Task GetTipAsync_ErrorDropAndBrokenJson_AnswersInTheEnd()
    {
        await using var server = await FaultyIndexer.StartAsync();
        server.OnPost = (context, number) => number switch
        {
            1 => Status(context, 500),
            2 => Drop(context),
            3 => FaultyIndexer.Answer(context, Tip[..40]),
            _ => FaultyIndexer.Answer(context, Tip),
        };
        await using var chain = new ChainUnderTest(server.Endpoints);

        var tip = await chain.Indexer.GetTipAsync(CancellationToken.None).Reason();

        Assert.Equal(7, tip.Height);
        Assert.Equal("0a", tip.Hash);
        Assert.Equal(4, server.Posts);
    }

    [Fact]
    public async Task GetTipAsync_AlwaysDown_IsUnavailableAfterEveryRetry()
    {
        await using var server = await FaultyIndexer.StartAsync();
        server.OnPost = (context, _) => Status(context, 503);
        await using var chain = new ChainUnderTest(server.Endpoints, options => options.Retries = 2);

        var exception = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.Indexer.GetTipAsync(CancellationToken.None)).Reason();

        Assert.Equal("The indexer answered HTTP 503.", exception.Message);
        Assert.Equal(3, server.Posts);
    }

    [Fact]
    public async Task GetTipAsync_NobodyListens_IsUnavailable()
    {
        var server = await FaultyIndexer.StartAsync();
        var gone = server.Endpoints;
        await server.DisposeAsync();
        await using var chain = new ChainUnderTest(gone);

        var exception = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.Indexer.GetTipAsync(CancellationToken.None)).Reason();

        Assert.Equal("The indexer cannot be reached.", exception.Message);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(301)]
    public async Task GetTipAsync_WrongAddress_IsNotRepeated(int status)
    {
        await using var server = await FaultyIndexer.StartAsync();
        server.OnPost = (context, _) => Status(context, status);
        await using var chain = new ChainUnderTest(server.Endpoints);

        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.Indexer.GetTipAsync(CancellationToken.None)).Reason();

        Assert.Equal(1, server.Posts);
    }

    [Fact]
    public async Task GetTipAsync_AnswerTooLarge_IsNotRepeated()
    {
        await using var server = await FaultyIndexer.StartAsync();
        server.OnPost = (context, _) => FaultyIndexer.Answer(context, new string(' ', 5000) + Tip);
        await using var chain = new ChainUnderTest(server.Endpoints, options => options.MaxResponseBytes = 4096);

        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.Indexer.GetTipAsync(CancellationToken.None)).Reason();

        Assert.Equal(1, server.Posts);
    }

    [Fact]
    public async Task GetTipAsync_GraphQlErrors_AreTypedAndNotRepeated()
    {
        await using var server = await FaultyIndexer.StartAsync();
        server.OnPost = (context, _) => FaultyIndexer.Answer(context, """{"data":null,"errors":[{"message":"Query is too complex.","path":["block"]}]}""");
        await using var chain = new ChainUnderTest(server.Endpoints);

        var exception = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.Indexer.GetTipAsync(CancellationToken.None)).Reason();

        Assert.Equal("Query is too complex.", Assert.Single(Assert.IsType<GraphQlException>(exception.InnerException).Errors).Message);
        Assert.Equal(1, server.Posts);
    }

    [Fact]
    public async Task GetTipAsync_NoAnswerInTime_IsUnavailable()
    {
        await using var server = await FaultyIndexer.StartAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnPost = async (context, _) =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        };
        var time = new ManualTimeProvider();
        await using var chain = new ChainUnderTest(server.Endpoints, options => options.Retries = 0, time);

        var call = chain.Indexer.GetTipAsync(CancellationToken.None);
        await arrived.Task.Reason();
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(8));

        var exception = await Assert.ThrowsAsync<ChainUnavailableException>(() => call).Reason();
        Assert.Equal("The indexer did not answer in time.", exception.Message);
    }

    [Fact]
    public async Task GetTipAsync_CallerGivesUp_IsCancelled()
    {
        await using var server = await FaultyIndexer.StartAsync();
        using var giveUp = new CancellationTokenSource();
        server.OnPost = async (context, _) =>
        {
            await giveUp.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        };
        await using var chain = new ChainUnderTest(server.Endpoints);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => chain.Indexer.GetTipAsync(giveUp.Token)).Reason();
    }

    [Fact]
    public async Task GetTipAsync_ManyFailures_OpensTheCircuitUntilItHasRested()
    {
        await using var server = await FaultyIndexer.StartAsync();
        server.OnPost = (context, number) => number <= 3 ? Status(context, 500) : FaultyIndexer.Answer(context, Tip);
        var time = new ManualTimeProvider();
        await using var chain = new ChainUnderTest(server.Endpoints, Touchy, time);

        await Fails("The indexer answered HTTP 500.");
        await Fails("The indexer answered HTTP 500.");
        await Fails("The indexer failed too often; calls are paused for a moment.");
        Assert.Equal(2, server.Posts);

        // The one call that is let through fails: it opens again.
        time.Advance(TimeSpan.FromSeconds(10));
        await Fails("The indexer answered HTTP 500.");
        await Fails("The indexer failed too often; calls are paused for a moment.");
        Assert.Equal(3, server.Posts);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(7, (await chain.Indexer.GetTipAsync(CancellationToken.None).Reason()).Height);
        Assert.Equal(7, (await chain.Indexer.GetTipAsync(CancellationToken.None).Reason()).Height);
        Assert.Equal(5, server.Posts);

        async Task Fails(string message)
        {
            var call = Assert.ThrowsAsync<ChainUnavailableException>(() => chain.Indexer.GetTipAsync(CancellationToken.None));
            Assert.Equal(message, (await call.Reason()).Message);
        }
    }

    [Fact]
    public async Task SubmitAsync_IndexerCircuitOpen_NodeStillAnswers()
    {
        await using var server = await FaultyIndexer.StartAsync();
        server.OnPost = (context, _) => context.Request.Path == "/" ? Rpc(context, "\"result\":\"0x00\"") : Status(context, 500);
        await using var chain = new ChainUnderTest(server.Endpoints, Touchy, new ManualTimeProvider());
        for (var call = 0; call < 3; call++)
        {
            await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.Indexer.GetTipAsync(CancellationToken.None)).Reason();
        }

        var submission = await chain.Node.SubmitAsync(new byte[] { 1 }, CancellationToken.None).Reason();

        Assert.Equal(SubmissionOutcome.Accepted, submission.Outcome);
    }

    [Fact]
    public async Task SubmitAsync_AnswerLostAndSentAgain_IsAlreadyKnown()
    {
        await using var server = await FaultyIndexer.StartAsync();
        server.OnPost = (context, number) => number == 1 ? Drop(context) : Rpc(context, "\"error\":{\"code\":1013,\"message\":\"Transaction Already Imported\"}");
        await using var chain = new ChainUnderTest(server.Endpoints);

        var submission = await chain.Node.SubmitAsync(new byte[] { 0xaa, 0xbb, 0xcc }, CancellationToken.None).Reason();

        Assert.Equal(new Submission(SubmissionOutcome.AlreadyKnown, null), submission);
        Assert.Equal(2, server.Posts);
    }

    private static void Touchy(MidnightOS.Midnight.Chain.ChainResilienceOptions options)
    {
        options.Retries = 0;
        options.MinimumThroughput = 2;
    }

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Drop(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static async Task Rpc(HttpContext context, string rest)
    {
        var call = await System.Text.Json.JsonSerializer.DeserializeAsync<System.Text.Json.JsonElement>(context.Request.Body);
        await FaultyIndexer.Answer(context, $$"""{"jsonrpc":"2.0","id":{{call.GetProperty("id").GetInt64()}},{{rest}}}""");
    }
}
