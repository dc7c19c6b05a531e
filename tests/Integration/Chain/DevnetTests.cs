using MidnightOS.Core.Chain;
using MidnightOS.Core.Health;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Integration.Chain;

public sealed class DevnetTests : IDisposable
{
    private const string Alice = "mn_addr_undeployed1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygsevx69s";
    private const string Bob = "mn_addr_undeployed1yg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3q2cc0uu";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("midnight-devnet-");

    [Fact]
    public async Task MintAsync_ThenWatchAndFind_TellTheSame()
    {
        await using var devnet = await DevnetUnderTest.StartAsync();
        await using var chain = new ChainUnderTest(devnet.Endpoints);

        var paid = await chain.Faucet.MintAsync(Alice, new Amount(1_000_000), null, CancellationToken.None).Reason();
        await using var watch = Watch(chain, Alice, 0);
        Assert.True(await watch.MoveNextAsync().Reason());
        var seen = Assert.IsType<AddressTransaction>(watch.Current);
        Assert.True(await watch.MoveNextAsync().Reason());

        Assert.Equal(new AddressProgress(seen.Transaction.Id), watch.Current);
        Assert.Equal(paid.Value, new FaucetPayment(seen.Transaction.Hash, seen.Transaction.BlockHeight));
        Assert.Equal("1000000", Assert.Single(seen.Created).Value.ToString());
        Assert.Equal(Token.Night.Type, seen.Created[0].TokenType);
        Assert.Equal(ChainResult.Success, seen.Transaction.Status);
        Assert.Contains(seen.Transaction.Outputs, output => output.Owner == Alice);

        var found = await chain.Indexer.FindAsync(seen.Transaction.Identifiers[0], CancellationToken.None).Reason();
        Assert.Equal(seen.Transaction.Hash, found!.Hash);
        Assert.Equal(seen.Transaction.Id, found.Id);
        Assert.Equal(seen.Created[0], Assert.Single(found.Outputs, output => output.Owner == Alice).Coin);
    }

    [Fact]
    public async Task MintAsync_NoAddress_IsRefused()
    {
        await using var devnet = await DevnetUnderTest.StartAsync();
        await using var chain = new ChainUnderTest(devnet.Endpoints);

        var paid = await chain.Faucet.MintAsync("mn_addr_preview1xyz", new Amount(1), null, CancellationToken.None).Reason();

        Assert.Equal(ErrorCodes.InvalidRequest, paid.Error!.Code);
    }

    [Fact]
    public async Task FindAsync_UnknownIdentifier_IsNull()
    {
        await using var devnet = await DevnetUnderTest.StartAsync();
        await using var chain = new ChainUnderTest(devnet.Endpoints);

        Assert.Null(await chain.Indexer.FindAsync("00" + new string('a', 64), CancellationToken.None).Reason());
    }

    [Fact]
    public async Task SubmitAsync_BytesOfABlock_AreKnownAlready()
    {
        await using var devnet = await DevnetUnderTest.StartAsync();
        await using var chain = new ChainUnderTest(devnet.Endpoints);
        var paid = await chain.Faucet.MintAsync(Alice, new Amount(5), null, CancellationToken.None).Reason();
        var data = await devnet.QueryAsync($$"""{ transactions(offset: { hash: "{{paid.Value.Hash}}" }) { raw } }""");
        var raw = Convert.FromHexString(data.GetProperty("transactions")[0].GetProperty("raw").GetString()!);

        var submission = await chain.Node.SubmitAsync(raw, CancellationToken.None).Reason();

        Assert.Equal(new Submission(SubmissionOutcome.AlreadyKnown, null), submission);
    }

    [Fact]
    public async Task SubmitAsync_NoTransaction_IsRefusedWithAReason()
    {
        await using var devnet = await DevnetUnderTest.StartAsync();
        await using var chain = new ChainUnderTest(devnet.Endpoints);

        var submission = await chain.Node.SubmitAsync(new byte[] { 1, 2, 3 }, CancellationToken.None).Reason();

        Assert.Equal(SubmissionOutcome.Refused, submission.Outcome);
        Assert.NotEmpty(submission.Reason!);
    }

    [Fact]
    public async Task WatchAsync_DevnetKilledAndStartedAgain_LosesAndRepeatsNothing()
    {
        var devnet = await DevnetUnderTest.StartAsync(_data.FullName);
        await using var chain = new ChainUnderTest(devnet.Endpoints);
        await using var blocks = chain.Indexer.WatchBlocksAsync(0, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        await using var address = Watch(chain, Bob, 0);
        var heights = new List<long>();
        var amounts = new List<string>();

        await PayAndReadAsync("1");
        await PayAndReadAsync("2");
        await devnet.KillAsync();
        await using var again = await DevnetUnderTest.StartAsync(_data.FullName);
        chain.MoveTo(again.Endpoints);
        await PayAndReadAsync("3");
        await PayAndReadAsync("4");

        Assert.Equal(Enumerable.Range(0, heights.Count).Select(height => (long)height), heights);
        Assert.Equal(["1", "2", "3", "4"], amounts);
        await devnet.DisposeAsync();

        async Task PayAndReadAsync(string amount)
        {
            Assert.True(Amount.TryParseAtomic(amount, out var atomic));
            var paid = await chain.Faucet.MintAsync(Bob, atomic, null, CancellationToken.None).Reason();
            while (heights.Count <= paid.Value.BlockHeight)
            {
                Assert.True(await blocks.MoveNextAsync().Reason());
                heights.Add(blocks.Current.Height);
            }

            Assert.Contains(Bob, blocks.Current.TouchedAddresses);
            while (amounts.Count == 0 || amounts[^1] != amount)
            {
                Assert.True(await address.MoveNextAsync().Reason());
                amounts.AddRange(((address.Current as AddressTransaction)?.Created ?? []).Select(coin => coin.Value.ToString()));
            }
        }
    }

    [Fact]
    public async Task WatchBlocksAsync_FromTheBlockAfterTheTip_WaitsForIt()
    {
        await using var devnet = await DevnetUnderTest.StartAsync();
        await devnet.ControlAsync("pause");
        await using var chain = new ChainUnderTest(devnet.Endpoints);
        var tip = await chain.Indexer.GetTipAsync(CancellationToken.None).Reason();
        await using var blocks = chain.Indexer.WatchBlocksAsync(tip.Height + 1, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        var next = blocks.MoveNextAsync().Reason();

        await devnet.ControlAsync("advance", new { seconds = 60 });

        Assert.True(await next);
        Assert.Equal(tip.Height + 1, blocks.Current.Height);
        Assert.True(blocks.Current.Time >= tip.Time + TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task CheckAsync_DevnetUpThenDown_IsReadyThenNot()
    {
        await using var devnet = await DevnetUnderTest.StartAsync();
        await using var chain = new ChainUnderTest(devnet.Endpoints);
        var probes = chain.Get<IEnumerable<IReadinessProbe>>().Where(probe => probe.Name is "indexer" or "node").ToList();
        Assert.Equal(2, probes.Count);
        foreach (var probe in probes)
        {
            await probe.CheckAsync(CancellationToken.None).Reason();
        }

        await devnet.KillAsync();

        foreach (var probe in probes)
        {
            await Assert.ThrowsAsync<ChainUnavailableException>(() => probe.CheckAsync(CancellationToken.None)).Reason();
        }
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static IAsyncEnumerator<AddressEvent> Watch(ChainUnderTest chain, string address, long after) =>
        chain.Indexer.WatchAddressAsync(address, after, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
}
