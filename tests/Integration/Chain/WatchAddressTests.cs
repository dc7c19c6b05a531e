using System.Net.WebSockets;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Chain;

public sealed class WatchAddressTests
{
    private const string Address = "mn_addr_undeployed1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygsevx69s";

    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task WatchAddressAsync_AfterAnId_AsksFromTheNextOne()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain, after: 41);
        var first = watch.MoveNextAsync().Reason();
        var socket = await server.AcceptAsync();

        var subscribed = await socket.SubscribedAsync();

        Assert.Equal(42, subscribed.From);
        Assert.Equal(Address, subscribed.Variables.GetProperty("address").GetString());
        await socket.NextAsync(subscribed.Id, Transaction(42));
        Assert.True(await first);
        var item = Assert.IsType<AddressTransaction>(watch.Current);
        Assert.Equal(42, item.Transaction.Id);
        Assert.Equal("10", Assert.Single(item.Created).Value.ToString());
    }

    [Fact]
    public async Task WatchAddressAsync_ProgressBeforeItsTransactions_IsHeldBack()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain);
        var first = watch.MoveNextAsync().Reason();
        var socket = await server.AcceptAsync();
        var id = (await socket.SubscribedAsync()).Id;

        await socket.NextAsync(id, Progress(2));
        await socket.NextAsync(id, Transaction(1));
        await socket.NextAsync(id, Transaction(2));
        await socket.NextAsync(id, Progress(2));

        Assert.True(await first);
        Assert.Equal(["t1", "t2", "p2", "p2"], [Text(watch.Current), await NextAsync(watch), await NextAsync(watch), await NextAsync(watch)]);
    }

    [Fact]
    public async Task WatchAddressAsync_NothingThere_ReportsProgressAtOnce()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain);
        var first = NextAsync(watch);
        var socket = await server.AcceptAsync();

        await socket.NextAsync((await socket.SubscribedAsync()).Id, Progress(0));

        Assert.Equal("p0", await first);
    }

    [Theory]
    [InlineData("abort")]
    [InlineData("close")]
    [InlineData("half a frame")]
    [InlineData("unknown frame")]
    public async Task WatchAddressAsync_ConnectionBreaks_ResumesBehindTheLast(string fault)
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain);
        var next = NextAsync(watch);
        var socket = await server.AcceptAsync();
        var subscribed = await socket.SubscribedAsync();
        Assert.Equal(1, subscribed.From);
        await socket.NextAsync(subscribed.Id, Transaction(5));
        Assert.Equal("t5", await next);
        next = NextAsync(watch);

        await BreakAsync(socket, fault);

        var again = await server.AcceptAsync();
        subscribed = await again.SubscribedAsync();
        Assert.Equal(6, subscribed.From);
        await again.NextAsync(subscribed.Id, Transaction(5));
        await again.NextAsync(subscribed.Id, Transaction(6));
        Assert.Equal("t6", await next);
    }

    [Fact]
    public async Task WatchAddressAsync_DuplicateFrames_AreDeliveredOnce()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain);
        var next = NextAsync(watch);
        var socket = await server.AcceptAsync();
        var id = (await socket.SubscribedAsync()).Id;
        foreach (var transaction in (int[])[1, 1, 2, 1, 2, 3])
        {
            await socket.NextAsync(id, Transaction(transaction));
        }

        Assert.Equal(["t1", "t2", "t3"], [await next, await NextAsync(watch), await NextAsync(watch)]);
    }

    [Theory]
    [InlineData("""{"type":"error","id":"ID","payload":[{"message":"subscription limit exceeded"}]}""")]
    [InlineData("""{"type":"complete","id":"ID"}""")]
    [InlineData("""{"type":"next","id":"ID","payload":{"data":null,"errors":[{"message":"Internal Server Error"}]}}""")]
    [InlineData("""{"type":"next","id":"ID","payload":{"data":{"unshieldedTransactions":{"__typename":"Unheard"}}}}""")]
    public async Task WatchAddressAsync_SubscriptionFails_OnlyThatOneBeginsAnew(string frame)
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var one = Watch(chain);
        await using var two = Watch(chain, after: 100);
        var first = NextAsync(one);
        var socket = await server.AcceptAsync();
        var id = (await socket.SubscribedAsync()).Id;
        var second = NextAsync(two);
        var other = await socket.SubscribedAsync();
        await socket.NextAsync(id, Transaction(3));
        Assert.Equal("t3", await first);
        first = NextAsync(one);

        await socket.SendAsync(frame.Replace("ID", id, StringComparison.Ordinal));

        var message = await socket.ReceiveAsync();
        if (message.GetProperty("type").GetString() == "complete")
        {
            Assert.Equal(id, message.GetProperty("id").GetString());
            message = await socket.ReceiveAsync();
        }

        Assert.Equal("subscribe", message.GetProperty("type").GetString());
        Assert.Equal(4, message.GetProperty("payload").GetProperty("variables").GetProperty("from").GetInt64());
        await socket.NextAsync(message.GetProperty("id").GetString()!, Transaction(4));
        await socket.NextAsync(other.Id, Transaction(101));
        Assert.Equal("t4", await first);
        Assert.Equal("t101", await second);
    }

    [Fact]
    public async Task WatchAddressAsync_SlowReader_HoldsUpNobodyAndLosesNothing()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints, Impatient(buffer: 3));
        await using var slow = Watch(chain);
        await using var quick = Watch(chain, after: 500);
        var first = NextAsync(slow);
        var socket = await server.AcceptAsync();
        var id = (await socket.SubscribedAsync()).Id;
        var other = NextAsync(quick);
        var quickId = (await socket.SubscribedAsync()).Id;
        await socket.NextAsync(id, Transaction(1));
        Assert.Equal("t1", await first);

        for (var transaction = 2; transaction <= 9; transaction++)
        {
            await socket.NextAsync(id, Transaction(transaction));
        }

        await socket.NextAsync(quickId, Transaction(501));
        Assert.Equal("t501", await other);
        await socket.CompletedAsync(id);

        Assert.Equal(["t2", "t3", "t4"], [await NextAsync(slow), await NextAsync(slow), await NextAsync(slow)]);
        var rest = NextAsync(slow);
        var again = await socket.SubscribedAsync();
        Assert.Equal(5, again.From);
        await socket.NextAsync(again.Id, Transaction(5));
        Assert.Equal("t5", await rest);
    }

    [Fact]
    public async Task WatchAddressAsync_SocketFull_OpensAnother()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints, options => options.SubscriptionsPerSocket = 2);
        await using var one = Watch(chain);
        await using var two = Watch(chain);
        await using var three = Watch(chain);
        var first = NextAsync(one);
        var socket = await server.AcceptAsync();
        await socket.NextAsync((await socket.SubscribedAsync()).Id, Transaction(1));
        var second = NextAsync(two);
        await socket.NextAsync((await socket.SubscribedAsync()).Id, Transaction(2));

        var third = NextAsync(three);
        var another = await server.AcceptAsync();
        await another.NextAsync((await another.SubscribedAsync()).Id, Transaction(3));

        Assert.Equal(["t1", "t2", "t3"], [await first, await second, await third]);
    }

    [Fact]
    public async Task WatchAddressAsync_Cancelled_TellsTheServer()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        using var stop = new CancellationTokenSource();
        await using var watch = chain.Indexer.WatchAddressAsync(Address, 0, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        var next = watch.MoveNextAsync().Reason();
        var socket = await server.AcceptAsync();
        var id = (await socket.SubscribedAsync()).Id;

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await socket.CompletedAsync(id);
    }

    [Fact]
    public async Task DisposeAsync_OpenWatch_SaysGoodbyeAndEndsIt()
    {
        await using var server = await FaultyIndexer.StartAsync();
        var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain);
        var next = watch.MoveNextAsync().Reason();
        var socket = await server.AcceptAsync();
        await socket.SubscribedAsync();

        await chain.DisposeAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await socket.Ended.Task.Reason());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task WatchAddressAsync_ServerPings_AreAnswered()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain);
        var next = NextAsync(watch);
        var socket = await server.AcceptAsync();
        var id = (await socket.SubscribedAsync()).Id;

        await socket.SendAsync("""{"type":"ping"}""");

        Assert.Equal("pong", (await socket.ReceiveAsync()).GetProperty("type").GetString());
        await socket.NextAsync(id, Transaction(1));
        Assert.Equal("t1", await next);
    }

    [Fact]
    public async Task WatchAddressAsync_SilentServer_IsAskedThenGivenUp()
    {
        await using var server = await FaultyIndexer.StartAsync();
        var time = new ManualTimeProvider();
        await using var chain = new ChainUnderTest(server.Endpoints, options => options.KeepAlive = options.AttemptTimeout = options.TotalTimeout = Long, time);
        await using var watch = Watch(chain);
        var next = NextAsync(watch);
        var socket = await server.AcceptAsync();
        await socket.SubscribedAsync();

        time.Advance(Long);
        Assert.Equal("ping", (await socket.ReceiveAsync()).GetProperty("type").GetString());
        time.Advance(Long);
        Assert.Null(await socket.Ended.Task.Reason());
        var again = await Passing(time, server.NextSocketAsync());
        await again.AcknowledgeAsync();
        await again.NextAsync((await again.SubscribedAsync()).Id, Transaction(1));
        Assert.Equal("t1", await next);
    }

    [Fact]
    public async Task WatchAddressAsync_NoAcknowledgement_TriesAgain()
    {
        await using var server = await FaultyIndexer.StartAsync();
        var time = new ManualTimeProvider();
        await using var chain = new ChainUnderTest(server.Endpoints, options => (options.AttemptTimeout, options.TotalTimeout) = (Long, Long), time);
        await using var watch = Watch(chain);
        var next = NextAsync(watch);
        var silent = await server.NextSocketAsync();
        Assert.Equal("connection_init", (await silent.ReceiveAsync()).GetProperty("type").GetString());

        time.Advance(Long);

        var again = await Passing(time, server.NextSocketAsync());
        await again.AcknowledgeAsync();
        await again.NextAsync((await again.SubscribedAsync()).Id, Transaction(1));
        Assert.Equal("t1", await next);
    }

    [Fact]
    public async Task WatchAddressAsync_ServerStartsLater_IsFound()
    {
        var dead = await FaultyIndexer.StartAsync();
        var gone = dead.Endpoints;
        await dead.DisposeAsync();
        await using var chain = new ChainUnderTest(gone);
        await using var watch = Watch(chain);
        var next = NextAsync(watch);

        await using var server = await FaultyIndexer.StartAsync();
        chain.MoveTo(server.Endpoints);

        var socket = await server.AcceptAsync();
        await socket.NextAsync((await socket.SubscribedAsync()).Id, Transaction(1));
        Assert.Equal("t1", await next);
    }

    internal static async Task<string> NextAsync(IAsyncEnumerator<AddressEvent> watch)
    {
        Assert.True(await watch.MoveNextAsync().Reason());
        return Text(watch.Current);
    }

    // The pause before a reconnection passes, in steps far shorter than any time-out; how many it takes does not matter.
    private static async Task<T> Passing<T>(ManualTimeProvider time, Task<T> happening)
    {
        while (!happening.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.WhenAny(happening, Task.Delay(1));
        }

        return await happening;
    }

    private static async Task BreakAsync(FaultySocket socket, string fault)
    {
        switch (fault)
        {
            case "abort":
                socket.Abort();
                break;
            case "close":
                await socket.CloseAsync(1012);
                break;
            case "half a frame":
                await socket.SendAsync("""{"type":"next","id":""");
                break;
            default:
                await socket.SendAsync("""{"type":"surprise"}""");
                break;
        }
    }

    private static Action<ChainResilienceOptions> Impatient(int buffer) => options =>
    {
        options.SubscriptionBuffer = buffer;
        options.SlowReaderPatience = TimeSpan.FromMilliseconds(1);
    };

    private static IAsyncEnumerator<AddressEvent> Watch(ChainUnderTest chain, long after = 0) =>
        chain.Indexer.WatchAddressAsync(Address, after, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);

    private static string Text(AddressEvent item) => item switch
    {
        AddressTransaction transaction => $"t{transaction.Transaction.Id}",
        AddressProgress progress => $"p{progress.HighestTransactionId}",
        _ => "?",
    };

    private static string Progress(long highest) => Event($$"""{"__typename":"UnshieldedTransactionsProgress","highestTransactionId":{{highest}} }""");

    private static string Transaction(long id)
    {
        var coin = $$"""{"owner":"{{Address}}","value":"10","tokenType":"00","intentHash":"0a","outputIndex":{{id}} }""";
        var transaction = $$"""
            {"__typename":"RegularTransaction","id":{{id}},"hash":"0b","block":{"height":{{id}},"hash":"0c","timestamp":1770787800000},
             "unshieldedCreatedOutputs":[{{coin}}],"unshieldedSpentOutputs":[],"identifiers":["0d"],"fee":"0","transactionResult":{"status":"SUCCESS"} }
            """;
        return Event($$"""{"__typename":"UnshieldedTransaction","transaction":{{transaction}},"createdUtxos":[{{coin}}],"spentUtxos":[]}""");
    }

    private static string Event(string json) => $$"""{"data":{"unshieldedTransactions":{{json}} } }""";
}
