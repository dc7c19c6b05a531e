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
