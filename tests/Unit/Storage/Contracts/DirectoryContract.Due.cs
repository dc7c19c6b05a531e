using MidnightOS.Core.Directory;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

public abstract partial class DirectoryContract
{
    [Fact]
    public async Task ListDue_OnlyWhatIsDue_LongestDueFirst()
    {
        var now = Clock.GetUtcNow();
        await Directory.MarkDueAsync("outbox", Tenant, "s2", now.AddSeconds(-1), default);
        await Directory.MarkDueAsync("outbox", Other, "s1", now, default);
        await Directory.MarkDueAsync("outbox", Tenant, "s3", now.AddSeconds(-2), default);
        await Directory.MarkDueAsync("outbox", Tenant, "later", now.AddTicks(1), default);
        await Directory.MarkDueAsync("other", Tenant, "s4", now.AddSeconds(-9), default);

        var due = await Directory.ListDueAsync("outbox", now, 10, default);

        Assert.Equal(["s3", "s2", "s1"], due.Select(marker => marker.Subject));
        Assert.Equal(new DueMarker("outbox", Tenant, "s3", now.AddSeconds(-2), now, due[0].ETag), due[0]);
        Assert.Equal(Other, due[2].Tenant);
        Assert.Equal(["s3", "s2"], (await Directory.ListDueAsync("outbox", now, 2, default)).Select(marker => marker.Subject));
    }

    [Fact]
    public async Task MarkDue_Again_KeepsTheEarlierTimeAndChangesTheVersion()
    {
        var start = Clock.GetUtcNow();
        var first = await MarkAsync("s", start);
        Clock.Advance(TimeSpan.FromSeconds(5));
        var later = await MarkAsync("s", start.AddSeconds(60));
        Assert.Equal(start, later.DueAt);
        Assert.Equal(start.AddSeconds(5), later.MarkedAt);
        Assert.NotEqual(first.ETag, later.ETag);

        var earlier = await MarkAsync("s", start.AddSeconds(-60));
        Assert.Equal(start.AddSeconds(-60), earlier.DueAt);
        Assert.NotEqual(later.ETag, earlier.ETag);
    }

    [Fact]
    public async Task MarkDue_SameSubjectOfTwoTenants_AreTwoMarkers()
    {
        await Directory.MarkDueAsync("q", Tenant, "s", Clock.GetUtcNow(), default);
        await Directory.MarkDueAsync("q", Other, "s", Clock.GetUtcNow(), default);
        Assert.Equal(2, (await Directory.ListDueAsync("q", Clock.GetUtcNow(), 10, default)).Count);
    }

    [Fact]
    public async Task Clear_MarkedMeanwhile_KeepsTheMarker()
    {
        var listed = await MarkAsync("s", Clock.GetUtcNow());
        var again = await MarkAsync("s", Clock.GetUtcNow());

        Assert.False(await Directory.ClearAsync(listed, default));
        Assert.True(await Directory.ClearAsync(again, default));
        Assert.False(await Directory.ClearAsync(again, default));
        Assert.Empty(await Directory.ListDueAsync("q", Clock.GetUtcNow(), 10, default));
    }

    [Fact]
    public async Task Postpone_InThatVersion_MovesItAndKeepsWhenItWasMarked()
    {
        var marked = Clock.GetUtcNow();
        var listed = await MarkAsync("s", marked);
        Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.True(await Directory.PostponeAsync(listed, marked.AddSeconds(10), default));
        Assert.Empty(await Directory.ListDueAsync("q", marked.AddSeconds(9), 10, default));
        var moved = Assert.Single(await Directory.ListDueAsync("q", marked.AddSeconds(10), 10, default));
        Assert.Equal(marked, moved.MarkedAt);
        Assert.NotEqual(listed.ETag, moved.ETag);
        Assert.False(await Directory.PostponeAsync(listed, marked.AddSeconds(20), default));
        Assert.False(await Directory.ClearAsync(listed, default));
    }

    [Fact]
    public async Task Postpone_MarkedMeanwhile_LeavesItDue()
    {
        var listed = await MarkAsync("s", Clock.GetUtcNow());
        await MarkAsync("s", Clock.GetUtcNow());
        Assert.False(await Directory.PostponeAsync(listed, Clock.GetUtcNow().AddHours(1), default));
        Assert.Single(await Directory.ListDueAsync("q", Clock.GetUtcNow(), 10, default));
    }

    [Fact]
    public async Task Postpone_Racing_OneMoves()
    {
        var listed = await MarkAsync("s", Clock.GetUtcNow());
        var moved = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => Task.Run(
            () => Directory.PostponeAsync(listed, listed.DueAt.AddSeconds(i), default))));
        Assert.Single(moved, done => done);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task ListDue_LimitBelowOne_Throws(int limit) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Directory.ListDueAsync("q", Clock.GetUtcNow(), limit, default));

    private async Task<DueMarker> MarkAsync(string subject, DateTimeOffset dueAt)
    {
        await Directory.MarkDueAsync("q", Tenant, subject, dueAt, default);
        return Assert.Single(await Directory.ListDueAsync("q", dueAt.AddDays(1), 10, default));
    }
}
