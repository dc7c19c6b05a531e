using MidnightOS.Core.Chain;

namespace MidnightOS.Tests.Integration.Chain;

public sealed class WatchBlocksTests
{
    [Fact]
    public async Task WatchBlocksAsync_FromAHeight_AsksOneEarlierAndDropsIt()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain, 10);
        var next = NextAsync(watch);
        var socket = await server.AcceptAsync();
        var subscribed = await socket.SubscribedAsync();
        Assert.Equal(9, subscribed.From);

        await socket.NextAsync(subscribed.Id, Block(9));
        await socket.NextAsync(subscribed.Id, Block(10));
        await socket.NextAsync(subscribed.Id, Block(11));

        Assert.Equal(10, await next);
        Assert.Equal(["a", "b"], watch.Current.TouchedAddresses);
        Assert.Equal(11, await NextAsync(watch));
    }

    [Fact]
    public async Task WatchBlocksAsync_FromGenesis_AsksForHeightZero()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain, 0);
        var next = NextAsync(watch);
        var socket = await server.AcceptAsync();
        var subscribed = await socket.SubscribedAsync();
        Assert.Equal(0, subscribed.From);

        await socket.NextAsync(subscribed.Id, Block(0));

        Assert.Equal(0, await next);
    }

    [Fact]
    public async Task WatchBlocksAsync_NewestOn_ThenBroken_ResumesWithoutLossOrRepetition()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain, null);
        var next = NextAsync(watch);
        var socket = await server.AcceptAsync();
        var subscribed = await socket.SubscribedAsync();
        Assert.False(subscribed.Variables.TryGetProperty("from", out _));
        await socket.NextAsync(subscribed.Id, Block(20));
        await socket.NextAsync(subscribed.Id, Block(20));
        await socket.NextAsync(subscribed.Id, Block(21));
        Assert.Equal((long[])[20, 21], (long[])[await next, await NextAsync(watch)]);
        next = NextAsync(watch);

        socket.Abort();

        var again = await server.AcceptAsync();
        subscribed = await again.SubscribedAsync();
        Assert.Equal(21, subscribed.From);
        await again.NextAsync(subscribed.Id, Block(21));
        await again.NextAsync(subscribed.Id, Block(22));
        Assert.Equal(22, await next);
    }

    [Fact]
    public async Task WatchBlocksAsync_BlockMissing_AsksAgainInsteadOfSkipping()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints);
        await using var watch = Watch(chain, 5);
        var next = NextAsync(watch);
        var socket = await server.AcceptAsync();
        var subscribed = await socket.SubscribedAsync();
        await socket.NextAsync(subscribed.Id, Block(5));
        Assert.Equal(5, await next);
        next = NextAsync(watch);

        await socket.NextAsync(subscribed.Id, Block(7));

        await socket.CompletedAsync(subscribed.Id);
        subscribed = await socket.SubscribedAsync();
        Assert.Equal(5, subscribed.From);
        await socket.NextAsync(subscribed.Id, Block(5));
        await socket.NextAsync(subscribed.Id, Block(6));
        await socket.NextAsync(subscribed.Id, Block(7));
        Assert.Equal((long[])[6, 7], (long[])[await next, await NextAsync(watch)]);
    }

    [Fact]
    public async Task WatchBlocksAsync_MessageTooLarge_ResumesOnAnotherSocket()
    {
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints, options => options.MaxResponseBytes = 4096);
        await using var watch = Watch(chain, 0);
        var next = NextAsync(watch);
        var socket = await server.AcceptAsync();
        await socket.NextAsync((await socket.SubscribedAsync()).Id, Block(0) + new string(' ', 5000));

        var again = await server.AcceptAsync();
        await again.NextAsync((await again.SubscribedAsync()).Id, Block(0));

        Assert.Equal(0, await next);
    }

    [Theory]
    [InlineData(2, 1, 0)]
    [InlineData(2, 30_000, 0)]
    [InlineData(256, 250, 41)]
    public async Task WatchBlocksAsync_QuickServerThatBreaksOften_EachOnceAndInOrder(int buffer, int patience, int breakEvery)
    {
        const int Last = 500;
        await using var server = await FaultyIndexer.StartAsync();
        await using var chain = new ChainUnderTest(server.Endpoints, options =>
        {
            options.SubscriptionBuffer = buffer;
            options.SlowReaderPatience = TimeSpan.FromMilliseconds(patience);
        });
        using var stop = new CancellationTokenSource();
        var serving = ServeAsync(server, Last, breakEvery, stop.Token);
        await using var watch = Watch(chain, 0);

        for (var height = 0; height <= Last; height++)
        {
            Assert.Equal(height, await NextAsync(watch));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    // Sends as fast as the socket takes it, regardless of the reader; hangs up after every so many blocks.
    private static async Task ServeAsync(FaultyIndexer server, int last, int breakEvery, CancellationToken stop)
    {
        while (true)
        {
            var socket = await server.NextSocketAsync().WaitAsync(stop);
            await socket.AcknowledgeAsync();
            _ = ServeAsync(socket, last, breakEvery);
        }
    }

    private static async Task ServeAsync(FaultySocket socket, int last, int breakEvery)
    {
        var sent = 0;
        while (await socket.NextSubscribedAsync() is { } subscribed)
        {
            for (var height = subscribed.From; height <= last && socket.IsOpen && !socket.HasReceived; height++)
            {
                await socket.NextAsync(subscribed.Id, Block(height));
                if (++sent == breakEvery)
                {
                    await socket.CloseAsync(1012);
                    return;
                }
            }
        }
    }

    private static async Task<long> NextAsync(IAsyncEnumerator<ChainBlock> watch)
    {
        Assert.True(await watch.MoveNextAsync().Reason());
        return watch.Current.Height;
    }

    private static IAsyncEnumerator<ChainBlock> Watch(ChainUnderTest chain, long? from) =>
        chain.Indexer.WatchBlocksAsync(from, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);

    private static string Block(long height) => $$"""
        {"data":{"blocks":{"height":{{height}},"hash":"0c","timestamp":1770787800000,"transactions":[
          {"unshieldedCreatedOutputs":[{"owner":"a"},{"owner":"b"}],"unshieldedSpentOutputs":[{"owner":"a"}]}]} } }
        """;
}
