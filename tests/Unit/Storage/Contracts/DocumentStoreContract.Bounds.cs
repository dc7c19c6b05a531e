using System.Text;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task Commit_HundredOperations_AreWritten()
    {
        var result = await CommitAsync([.. Enumerable.Range(0, BatchLimits.Operations).Select(i => Put($"b{i:000}"))]);
        Assert.Equal(BatchLimits.Operations, result.ETags.Distinct().Count());
        Assert.Equal(BatchLimits.Operations, (await IdsAsync(new DocumentQuery("bot"))).Count);
    }

    [Fact]
    public async Task Commit_HundredAndOneOperations_Throws()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => CommitAsync([.. Enumerable.Range(0, BatchLimits.Operations + 1).Select(i => Put($"b{i:000}"))]));
        Assert.Empty(await IdsAsync(new DocumentQuery("bot")));
    }

    [Fact]
    public async Task Commit_NoOperation_Throws() => await Assert.ThrowsAnyAsync<ArgumentException>(() => CommitAsync());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Commit_TwoMegabytes_AreWrittenAndOneByteMoreThrows(int documents)
    {
        Assert.True((await CommitAsync(Sized(documents, BatchLimits.Bytes))).Committed);
        Assert.Equal(BatchLimits.Bytes / documents, (await GetAsync("b0"))!.Json.Length);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => CommitAsync(Sized(documents, BatchLimits.Bytes + 1)));

        static DocumentWrite[] Sized(int documents, int bytes) =>
        [
            .. Enumerable.Range(0, documents).Select(i => new DocumentWrite.Put(
                Key($"b{i}"), Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', (i == 0 ? bytes - ((documents - 1) * (bytes / documents)) : bytes / documents) - 8)}}"}"""), [])),
        ];
    }

    [Fact]
    public async Task Commit_OneDocumentTwice_Throws()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => CommitAsync(Put("b1"), new DocumentWrite.Check(Key("b1"))));
        Assert.Null(await GetAsync("b1"));
    }

    [Fact]
    public async Task Commit_OneEntryTwice_Throws() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PutAsync("b1", "a", new IndexEntry("owner", "u", "1"), new IndexEntry("owner", "u", "2")));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":}")]
    [InlineData("nonsense")]
    public async Task Commit_NotAnObject_Throws(string json)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => CommitAsync(new DocumentWrite.Put(Key("b1"), Encoding.UTF8.GetBytes(json), [])));
        Assert.Null(await GetAsync("b1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    public async Task Commit_ForbiddenId_Throws(string id)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PutAsync(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("b1\0")]
    [InlineData("b\ud800")]
    public async Task Get_IdThatNoDocumentCanHave_IsNull(string id)
    {
        await PutAsync("b1");
        Assert.Null(await GetAsync(id));
    }

    [Fact]
    public async Task Get_IdOf256_IsNull() => Assert.Null(await GetAsync(new string('i', 256)));

    [Fact]
    public async Task Commit_IdOf255_IsStoredAndLongerThrows()
    {
        await PutAsync(new string('i', 255));
        Assert.NotNull(await GetAsync(new string('i', 255)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PutAsync(new string('i', 256)));
    }

    [Fact]
    public async Task Commit_HalfASurrogatePair_Throws()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PutAsync("b\ud800"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PutAsync("b1", "a", new IndexEntry("owner", "\udc00")));
    }

    [Fact]
    public async Task Commit_DefaultTenant_Throws() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CommitAsync(default, [Put("b1")], default));

    [Theory]
    [InlineData("日本語")]
    [InlineData("🙂🌙")]
    [InlineData("é")]
    [InlineData("e\u0301")]
    [InlineData("a b'c\"d;--%_*")]
    [InlineData("A")]
    [InlineData("a")]
    public async Task Commit_UnicodeIdsAndValues_ComeBackAsTheyWere(string text)
    {
        string[] others = ["é", "e\u0301", "A", "a", "🙂"];
        foreach (var other in others.Where(other => other != text))
        {
            await PutAsync(other, "other", new IndexEntry("name", other, other));
        }

        await PutAsync(text, text, new IndexEntry("name", text, text));

        Assert.Equal(text, await TextAsync(text));
        Assert.Equal([text], await IdsAsync(new DocumentQuery("bot", "name", text)));
    }

    [Fact]
    public async Task Tenants_SameKeysAndValues_NeverMeet()
    {
        var etag = await PutAsync("b1", "mine", new IndexEntry("owner", "u1"));
        Assert.Null(await Store.GetAsync(Other, Key("b1"), default));
        Assert.Empty((await Store.QueryAsync(Other, new DocumentQuery("bot"), default)).Documents);
        Assert.Empty((await Store.QueryAsync(Other, new DocumentQuery("bot", "owner", "u1"), default)).Documents);
        Assert.Equal(0, (await Store.CommitAsync(Other, [Put("b1", "x", Precondition.Match(etag))], default)).FailedIndex);

        Assert.True((await Store.CommitAsync(Other, [Put("b1", "theirs", Precondition.Absent, new IndexEntry("owner", "u1"))], default)).Committed);
        Assert.True((await Store.CommitAsync(Other, [new DocumentWrite.Delete(Key("b1"))], default)).Committed);
        Assert.Equal("mine", await TextAsync("b1"));
        Assert.Equal(["b1"], await IdsAsync(new DocumentQuery("bot", "owner", "u1")));
    }

    [Fact]
    public async Task TimeToLive_Passed_DocumentIsNowhere()
    {
        await CommitAsync(Expiring("b1", TimeSpan.FromMinutes(1)), Put("b2", "stays", default, new IndexEntry("owner", "u1")));

        Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        Assert.NotNull(await GetAsync("b1"));
        Assert.Equal(["b1", "b2"], await IdsAsync(new DocumentQuery("bot", "owner", "u1")));

        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await GetAsync("b1"));
        Assert.Equal(["b2"], await IdsAsync(new DocumentQuery("bot", "owner", "u1")));
        Assert.Equal(["b2"], await IdsAsync(new DocumentQuery("bot")));
    }

    [Fact]
    public async Task TimeToLive_Passed_CountsAsAbsentForPreconditions()
    {
        var etag = (await CommitAsync(Expiring("b1", TimeSpan.FromMinutes(1)))).ETags[0]!;
        Assert.Equal(0, (await CommitAsync(Put("b1", "x", Precondition.Absent))).FailedIndex);

        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, (await CommitAsync(Put("b1", "x", Precondition.Match(etag)))).FailedIndex);
        Assert.Equal(0, (await CommitAsync(new DocumentWrite.Check(Key("b1")) { Condition = Precondition.Match(etag) })).FailedIndex);
        Assert.True((await CommitAsync(Put("b1", "again", Precondition.Absent))).Committed);
        Assert.Equal("again", await TextAsync("b1"));
        Assert.Empty(await IdsAsync(new DocumentQuery("bot", "owner", "u1")));
    }

    [Fact]
    public async Task TimeToLive_Replaced_IsTheNewOne()
    {
        await CommitAsync(Expiring("b1", TimeSpan.FromMinutes(1)));
        await PutAsync("b1", "for good");
        Clock.Advance(TimeSpan.FromDays(3650));
        Assert.Equal("for good", await TextAsync("b1"));
    }

    [Fact]
    public async Task TimeToLive_ManyExpiredBeforeAPage_DoNotShortenIt()
    {
        await CommitAsync([.. Enumerable.Range(0, 60).Select(i => Expiring($"a{i:00}", TimeSpan.FromMinutes(1)))]);
        await CommitAsync([.. Enumerable.Range(0, 5).Select(i => Put($"b{i}", "a", default, new IndexEntry("owner", "u1")))]);
        Clock.Advance(TimeSpan.FromMinutes(1));

        var page = await Store.QueryAsync(Tenant, new DocumentQuery("bot", "owner", "u1") { Limit = 5 }, default);
        Assert.Equal(5, page.Documents.Count);
        Assert.Null(page.Continuation);
    }

    private DocumentWrite.Put Expiring(string id, TimeSpan after) =>
        Put(id, "soon gone", default, new IndexEntry("owner", "u1")) with { ExpiresAt = Clock.GetUtcNow() + after };
}
