using MidnightOS.Core.Documents;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task Query_NothingStored_IsAnEmptyLastPage()
    {
        var page = await Store.QueryAsync(Tenant, new DocumentQuery("bot"), default);
        Assert.Empty(page.Documents);
        Assert.Null(page.Continuation);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 7)]
    [InlineData(true, 7)]
    [InlineData(false, 50)]
    [InlineData(true, 1000)]
    public async Task Query_ManyPages_GivesEachOnceInOrder(bool descending, int limit)
    {
        await SeedAsync(50);
        var expected = Enumerable.Range(0, 50).Select(i => $"b{i:000}");
        if (descending)
        {
            expected = expected.Reverse();
        }

        Assert.Equal(expected, await IdsAsync(new DocumentQuery("bot") { Descending = descending, Limit = limit }));
        Assert.Equal(expected, await IdsAsync(new DocumentQuery("bot", "all", "x") { Descending = descending, Limit = limit }));
    }

    [Fact]
    public async Task Query_LastPageExactlyFull_HasNoContinuation()
    {
        await SeedAsync(10);
        Assert.Null((await Store.QueryAsync(Tenant, new DocumentQuery("bot") { Limit = 10 }, default)).Continuation);
        Assert.NotNull((await Store.QueryAsync(Tenant, new DocumentQuery("bot") { Limit = 9 }, default)).Continuation);
    }

    [Fact]
    public async Task Query_Page_CarriesContentAndETags()
    {
        var etag = await PutAsync("b1", "hello", new IndexEntry("owner", "u1"));
        var document = Assert.Single((await Store.QueryAsync(Tenant, new DocumentQuery("bot", "owner", "u1"), default)).Documents);

        Assert.Equal(Key("b1"), document.Key);
        Assert.Equal("hello", Text(document));
        Assert.Equal(etag, document.ETag);
    }

    [Fact]
    public async Task Query_BySortValue_OrdersOrdinallyThenById()
    {
        await CommitAsync(
            Put("b1", "a", default, new IndexEntry("owner", "u", "b")),
            Put("b2", "a", default, new IndexEntry("owner", "u", "a")),
            Put("b3", "a", default, new IndexEntry("owner", "u", "Z")),
            Put("b5", "a", default, new IndexEntry("owner", "u", "a")),
            Put("b4", "a", default, new IndexEntry("owner", "u", "a")),
            Put("b6", "a", default, new IndexEntry("owner", "u", "")),
            Put("b7", "a", default, new IndexEntry("owner", "u", "ä")));

        string[] expected = ["b6", "b3", "b2", "b4", "b5", "b1", "b7"];
        Assert.Equal(expected, await IdsAsync(new DocumentQuery("bot", "owner", "u") { Limit = 2 }));
        Assert.Equal(expected.Reverse(), await IdsAsync(new DocumentQuery("bot", "owner", "u") { Limit = 2, Descending = true }));
    }

    [Theory]
    [InlineData("b010", null)]
    [InlineData(null, "b010")]
    [InlineData("b010", "b020")]
    [InlineData("b020", "b010")]
    [InlineData("b0105", "b0195")]
    public async Task Query_AfterAndBefore_BoundBothDirections(string? after, string? before)
    {
        await SeedAsync(30);
        var expected = Enumerable.Range(0, 30).Select(i => $"b{i:000}")
            .Where(id => (after is null || string.CompareOrdinal(id, after) > 0) && (before is null || string.CompareOrdinal(id, before) < 0))
            .ToList();
        foreach (var query in new[] { new DocumentQuery("bot"), new DocumentQuery("bot", "all", "x") })
        {
            var bounded = query with { After = after, Before = before, Limit = 4 };
            Assert.Equal(expected, await IdsAsync(bounded));
            Assert.Equal(expected.AsEnumerable().Reverse(), await IdsAsync(bounded with { Descending = true }));
        }
    }

    [Fact]
    public async Task Query_SparseIndex_LeavesOutDocumentsWithoutTheEntry()
    {
        await CommitAsync(Put("b1", "a", default, new IndexEntry("pending", "1")), Put("b2"), Put("b3", "a", default, new IndexEntry("other", "1")));
        Assert.Equal(["b1"], await IdsAsync(new DocumentQuery("bot", "pending", "1")));
        Assert.Equal(["b1", "b2", "b3"], await IdsAsync(new DocumentQuery("bot")));
    }

    [Fact]
    public async Task Query_SeveralValuesOfOneIndex_AreEachFound()
    {
        await PutAsync("b1", "a", new IndexEntry("member", "u1"), new IndexEntry("member", "u2"));
        Assert.Equal(["b1"], await IdsAsync(new DocumentQuery("bot", "member", "u1")));
        Assert.Equal(["b1"], await IdsAsync(new DocumentQuery("bot", "member", "u2")));
    }

    [Fact]
    public async Task Query_AfterReplace_FindsByTheNewEntriesOnly()
    {
        await PutAsync("b1", "one", new IndexEntry("status", "active", "1"), new IndexEntry("owner", "u1"));
        await PutAsync("b1", "two", new IndexEntry("status", "failed", "2"), new IndexEntry("owner", "u1"));
        Assert.Empty(await IdsAsync(new DocumentQuery("bot", "status", "active")));
        Assert.Equal(["b1"], await IdsAsync(new DocumentQuery("bot", "status", "failed")));
        Assert.Equal(["b1"], await IdsAsync(new DocumentQuery("bot", "owner", "u1")));

        await PutAsync("b1", "three");
        Assert.Empty(await IdsAsync(new DocumentQuery("bot", "status", "failed")));
        Assert.Empty(await IdsAsync(new DocumentQuery("bot", "owner", "u1")));
        Assert.Equal(["b1"], await IdsAsync(new DocumentQuery("bot")));
    }

    [Fact]
    public async Task Query_AfterDelete_FindsNothing()
    {
        await PutAsync("b1", "one", new IndexEntry("owner", "u1"));
        await CommitAsync(new DocumentWrite.Delete(Key("b1")));
        Assert.Empty(await IdsAsync(new DocumentQuery("bot", "owner", "u1")));
        Assert.Empty(await IdsAsync(new DocumentQuery("bot")));
    }

    [Fact]
    public async Task Query_Kinds_AreApart()
    {
        await Store.CommitAsync(
            Tenant,
            [
                new DocumentWrite.Put(Key("x", "bot"), Json("1"), [new IndexEntry("owner", "u1")]),
                new DocumentWrite.Put(Key("y", "chat"), Json("2"), [new IndexEntry("owner", "u1")]),
            ],
            default);
        Assert.Equal(["x"], await IdsAsync(new DocumentQuery("bot", "owner", "u1")));
        Assert.Equal(["y"], await IdsAsync(new DocumentQuery("chat")));
    }

    [Fact]
    public async Task Query_WritesBetweenPages_NeitherRepeatNorSkip()
    {
        await SeedAsync(20);
        var query = new DocumentQuery("bot", "all", "x") { Limit = 5 };
        var seen = new List<string>();
        for (var i = 0; ; i++)
        {
            var page = await Store.QueryAsync(Tenant, query, default);
            seen.AddRange(page.Documents.Select(document => document.Key.Id));
            if (page.Continuation is null)
            {
                break;
            }

            // One before the position, which must not come; one after, which must; and the last seen goes away.
            await CommitAsync(
                Put($"a{i}", "new", default, new IndexEntry("all", "x")),
                Put($"z{i}", "new", default, new IndexEntry("all", "x")),
                new DocumentWrite.Delete(Key(seen[^1])));
            query = query with { Continuation = page.Continuation };
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"b{i:000}"), seen.Where(id => id[0] == 'b'));
        Assert.Equal(["z0", "z1", "z2", "z3"], seen.Where(id => id[0] == 'z').Take(4));
        Assert.DoesNotContain(seen, id => id[0] == 'a');
    }

    [Fact]
    public async Task Query_ContinuationWithAnotherPageSize_GoesOn()
    {
        await SeedAsync(10);
        var first = await Store.QueryAsync(Tenant, new DocumentQuery("bot") { Limit = 3 }, default);
        Assert.Equal(
            Enumerable.Range(3, 7).Select(i => $"b{i:000}"),
            await IdsAsync(new DocumentQuery("bot") { Limit = 100, Continuation = first.Continuation }));
    }

    [Fact]
    public async Task Query_ContinuationOfAnotherQuery_IsRefused()
    {
        await SeedAsync(10);
        var query = new DocumentQuery("bot", "all", "x") { Limit = 3 };
        var token = (await Store.QueryAsync(Tenant, query, default)).Continuation;
        DocumentQuery[] others =
        [
            query with { Value = "y" }, query with { Index = "owner" }, query with { Index = null }, query with { Kind = "chat" },
            query with { Descending = true }, query with { After = "b000" }, query with { Before = "b009" },
        ];

        foreach (var other in others)
        {
            await Assert.ThrowsAsync<InvalidContinuationException>(() => Store.QueryAsync(Tenant, other with { Continuation = token }, default));
        }

        await Assert.ThrowsAsync<InvalidContinuationException>(() => Store.QueryAsync(Other, query with { Continuation = token }, default));
    }

    [Fact]
    public async Task Query_TamperedContinuation_IsRefused()
    {
        await SeedAsync(10);
        var query = new DocumentQuery("bot", "all", "x") { Limit = 3 };
        var token = (await Store.QueryAsync(Tenant, query, default)).Continuation!;
        for (var i = 0; i < token.Length; i++)
        {
            var tampered = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            if (i < token.Length - 1)
            {
                await Refused(tampered);
            }
        }

        foreach (var foreign in new[] { "", "A", "garbage!", token + "AAAA", token[..^4], new string('A', 10_000) })
        {
            await Refused(foreign);
        }

        Assert.Equal(3, (await Store.QueryAsync(Tenant, query with { Continuation = token }, default)).Documents.Count);

        Task Refused(string continuation) =>
            Assert.ThrowsAsync<InvalidContinuationException>(() => Store.QueryAsync(Tenant, query with { Continuation = continuation }, default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public async Task Query_LimitOutOfBounds_Throws(int limit) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.QueryAsync(Tenant, new DocumentQuery("bot") { Limit = limit }, default));

    [Fact]
    public async Task Query_IndexWithoutValue_Throws() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.QueryAsync(Tenant, new DocumentQuery("bot", "owner"), default));

    private async Task SeedAsync(int count)
    {
        // Written out of order, so that the order of a page is not the order of writing.
        var ids = Enumerable.Range(0, count).Select(i => $"b{i:000}").OrderBy(id => string.Concat(id.Reverse()), StringComparer.Ordinal);
        Assert.True((await CommitAsync([.. ids.Select(id => Put(id, id, default, new IndexEntry("all", "x")))])).Committed);
    }
}
