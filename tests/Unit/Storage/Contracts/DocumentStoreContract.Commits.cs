using MidnightOS.Core.Documents;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task Get_NoDocument_IsNull() => Assert.Null(await GetAsync("b1"));

    [Fact]
    public async Task Commit_Put_IsReadBackWithItsETag()
    {
        var json = Json("first");
        var result = await CommitAsync(new DocumentWrite.Put(Key("b1"), json, []));

        var read = await GetAsync("b1");
        Assert.True(result.Committed);
        Assert.Equal(Key("b1"), read!.Key);
        Assert.Equal(json, read.Json.ToArray());
        Assert.Equal(result.ETags[0], read.ETag);
    }

    [Fact]
    public async Task Commit_PutAgain_ReplacesAndChangesETag()
    {
        var first = await PutAsync("b1", "one");
        var second = await PutAsync("b1", "two");

        Assert.NotEqual(first, second);
        Assert.Equal("two", await TextAsync("b1"));
    }

    [Fact]
    public async Task Commit_SameContentAgain_ChangesETag() => Assert.NotEqual(await PutAsync("b1", "one"), await PutAsync("b1", "one"));

    [Fact]
    public async Task Commit_DeletedAndMadeAgain_NeverReusesAnETag()
    {
        var first = await PutAsync("b1");
        await CommitAsync(new DocumentWrite.Delete(Key("b1")));
        var second = await PutAsync("b1");

        Assert.NotEqual(first, second);
        Assert.Equal(0, (await CommitAsync(Put("b1", "x", Precondition.Match(first)))).FailedIndex);
    }

    [Fact]
    public async Task Commit_MatchingETag_Writes()
    {
        var etag = await PutAsync("b1", "one");
        Assert.True((await CommitAsync(Put("b1", "two", Precondition.Match(etag)))).Committed);
        Assert.Equal("two", await TextAsync("b1"));
    }

    [Fact]
    public async Task Commit_OldETag_WritesNothing()
    {
        var old = await PutAsync("b1", "one");
        await PutAsync("b1", "two");

        var result = await CommitAsync(Put("b1", "three", Precondition.Match(old)));

        Assert.Equal(0, result.FailedIndex);
        Assert.Empty(result.ETags);
        Assert.Equal("two", await TextAsync("b1"));
    }

    [Theory]
    [InlineData("never-an-etag")]
    [InlineData("")]
    public async Task Commit_ForeignETag_FailsAndDoesNotThrow(string etag)
    {
        await PutAsync("b1", "one");
        Assert.Equal(0, (await CommitAsync(Put("b1", "two", Precondition.Match(etag)))).FailedIndex);
        Assert.Equal(0, (await CommitAsync(Put("none", "two", Precondition.Match(etag)))).FailedIndex);
    }

    [Fact]
    public async Task Commit_AbsentTwice_SecondFails()
    {
        Assert.True((await CommitAsync(Put("b1", "one", Precondition.Absent))).Committed);
        Assert.Equal(0, (await CommitAsync(Put("b1", "two", Precondition.Absent))).FailedIndex);
        Assert.Equal("one", await TextAsync("b1"));
    }

    [Fact]
    public async Task Commit_DeleteOfNothing_IsFine() =>
        Assert.Equal([null], (await CommitAsync(new DocumentWrite.Delete(Key("b1")))).ETags);

    [Fact]
    public async Task Commit_DeleteWithETag_NeedsThatVersion()
    {
        var old = await PutAsync("b1");
        var now = await PutAsync("b1");

        Assert.Equal(0, (await CommitAsync(new DocumentWrite.Delete(Key("b1")) { Condition = Precondition.Match(old) })).FailedIndex);
        Assert.NotNull(await GetAsync("b1"));
        Assert.True((await CommitAsync(new DocumentWrite.Delete(Key("b1")) { Condition = Precondition.Match(now) })).Committed);
        Assert.Null(await GetAsync("b1"));
    }

    [Fact]
    public async Task Commit_FailedCheck_WritesNothingAndNamesIt()
    {
        await PutAsync("b1", "one", new IndexEntry("owner", "u1"));
        var result = await CommitAsync(
            Put("b1", "two", default, new IndexEntry("owner", "u2")),
            Put("b2", "new", default, new IndexEntry("owner", "u2")),
            new DocumentWrite.Check(Key("b3")) { Condition = Precondition.Match("x") },
            Put("b1x", "new", Precondition.Match("y")));

        Assert.Equal(2, result.FailedIndex);
        Assert.Equal("one", await TextAsync("b1"));
        Assert.Null(await GetAsync("b2"));
        Assert.Equal(["b1"], await IdsAsync(new DocumentQuery("bot", "owner", "u1")));
        Assert.Empty(await IdsAsync(new DocumentQuery("bot", "owner", "u2")));
    }

    [Fact]
    public async Task Commit_Check_LeavesTheDocumentAsItIs()
    {
        var etag = await PutAsync("b1", "one");
        var result = await CommitAsync(
            new DocumentWrite.Check(Key("b1")) { Condition = Precondition.Match(etag) },
            new DocumentWrite.Check(Key("b9")) { Condition = Precondition.Absent },
            Put("b2"));

        Assert.True(result.Committed);
        Assert.Equal([null, null, (await GetAsync("b2"))!.ETag], result.ETags);
        Assert.Equal(etag, (await GetAsync("b1"))!.ETag);
    }

    [Fact]
    public async Task Commit_ManyKindsInOneBatch_AreAllWritten()
    {
        var result = await CommitAsync(
            new DocumentWrite.Put(Key("x", "bot"), Json("bot"), []),
            new DocumentWrite.Put(Key("x", "wallet"), Json("wallet"), []));

        Assert.True(result.Committed);
        Assert.Equal("bot", Text((await Store.GetAsync(Tenant, Key("x", "bot"), default))!));
        Assert.Equal("wallet", Text((await Store.GetAsync(Tenant, Key("x", "wallet"), default))!));
    }

    [Fact]
    public async Task Commit_RacingAbsent_OneWins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => CommitAsync(Put("b1", $"w{i}", Precondition.Absent)))));

        var winner = Assert.Single(results, result => result.Committed);
        Assert.Equal(winner.ETags[0], (await GetAsync("b1"))!.ETag);
    }

    [Fact]
    public async Task Commit_ConcurrentIncrementsWithETags_LoseNone()
    {
        const int writers = 8;
        const int increments = 25;
        await PutAsync("n", "0");

        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < increments;)
            {
                var read = (await GetAsync("n"))!;
                var next = (int.Parse(Text(read)) + 1).ToString();
                done += (await CommitAsync(Put("n", next, Precondition.Match(read.ETag)))).Committed ? 1 : 0;
            }
        })));

        Assert.Equal((writers * increments).ToString(), await TextAsync("n"));
    }

    [Fact]
    public virtual async Task Commit_ConcurrentTransfers_KeepTheSum()
    {
        await CommitAsync(Put("from", "100"), Put("to", "0"));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () =>
        {
            var from = (await GetAsync("from"))!;
            var to = (await GetAsync("to"))!;
            await CommitAsync(
                Put("from", (int.Parse(Text(from)) - 1).ToString(), Precondition.Match(from.ETag)),
                Put("to", (int.Parse(Text(to)) + 1).ToString(), Precondition.Match(to.ETag)));
        })));

        var left = int.Parse((await TextAsync("from"))!);
        Assert.InRange(left, 60, 99);
        Assert.Equal(100 - left, int.Parse((await TextAsync("to"))!));
    }
}
