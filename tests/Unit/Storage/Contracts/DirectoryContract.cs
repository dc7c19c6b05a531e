using MidnightOS.Core.Directory;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

/// <summary>What every directory does.</summary>
public abstract partial class DirectoryContract : IAsyncLifetime
{
    private static readonly TenantId Tenant = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZA");
    private static readonly TenantId Other = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZB");
    private static readonly DirectoryKey Email = new("email", "ada@example.org");

    private StoreUnderTest<IDirectory>? _made;

    private ManualTimeProvider Clock { get; } = new();

    private IDirectory Directory => _made!.Store;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _made = await CreateAsync(Clock);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _made!.Destroy();

    /// <summary>Makes an empty directory.</summary>
    protected abstract Task<StoreUnderTest<IDirectory>> CreateAsync(ManualTimeProvider clock);

    [Fact]
    public async Task Claim_Free_IsCreatedAndFound()
    {
        var claim = new DirectoryClaim(Tenant, "usr_1", Clock.GetUtcNow().AddHours(1).AddTicks(7), "data 🌙");
        var outcome = await Directory.ClaimAsync(Email, claim, default);

        Assert.True(outcome.Created);
        Assert.Equal(claim, outcome.Stored.Claim);
        Assert.Equal(outcome.Stored, await Directory.FindAsync(Email, default));
    }

    [Fact]
    public async Task Claim_Taken_GivesTheOneThatStands()
    {
        var first = await Directory.ClaimAsync(Email, new DirectoryClaim(Tenant, "usr_1"), default);
        var second = await Directory.ClaimAsync(Email, new DirectoryClaim(Other, "usr_2"), default);

        Assert.False(second.Created);
        Assert.Equal(first.Stored, second.Stored);
    }

    [Fact]
    public async Task Claim_SameValueOfAnotherKind_IsAnotherKey()
    {
        await Directory.ClaimAsync(Email, new DirectoryClaim(Tenant, "usr_1"), default);
        Assert.True((await Directory.ClaimAsync(Email with { Kind = "webhook" }, new DirectoryClaim(Other, "x"), default)).Created);
        Assert.True((await Directory.ClaimAsync(Email with { Value = "ADA@example.org" }, new DirectoryClaim(Other, "x"), default)).Created);
    }

    [Fact]
    public async Task Claim_Racing_OneWins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => Directory.ClaimAsync(Email, new DirectoryClaim(Tenant, $"usr_{i}"), default))));

        var winner = Assert.Single(outcomes, outcome => outcome.Created);
        Assert.All(outcomes, outcome => Assert.Equal(winner.Stored, outcome.Stored));
    }

    [Fact]
    public async Task Claim_Expired_IsGoneAndMayBeTaken()
    {
        var first = await Directory.ClaimAsync(Email, new DirectoryClaim(Tenant, "usr_1", Clock.GetUtcNow().AddMinutes(1)), default);
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await Directory.FindAsync(Email, default));
        Assert.Null(await Directory.ReplaceAsync(Email, first.Stored.Claim, first.Stored.ETag, default));
        Assert.False(await Directory.ReleaseAsync(Email, null, default));
        var second = await Directory.ClaimAsync(Email, new DirectoryClaim(Other, "usr_2"), default);
        Assert.True(second.Created);
        Assert.Equal("usr_2", (await Directory.FindAsync(Email, default))!.Claim.Subject);
    }

    [Fact]
    public async Task Replace_InThatVersion_GivesANewETag()
    {
        var first = (await Directory.ClaimAsync(Email, new DirectoryClaim(Tenant, "usr_1"), default)).Stored;
        var etag = await Directory.ReplaceAsync(Email, new DirectoryClaim(Tenant, "usr_2"), first.ETag, default);

        Assert.NotNull(etag);
        Assert.NotEqual(first.ETag, etag);
        Assert.Equal(new StoredClaim(new DirectoryClaim(Tenant, "usr_2"), etag), await Directory.FindAsync(Email, default));
        Assert.Null(await Directory.ReplaceAsync(Email, new DirectoryClaim(Tenant, "usr_3"), first.ETag, default));
        Assert.Null(await Directory.ReplaceAsync(new DirectoryKey("email", "none"), new DirectoryClaim(Tenant, "usr_3"), etag, default));
    }

    [Fact]
    public async Task Replace_Racing_OneWins()
    {
        var etag = (await Directory.ClaimAsync(Email, new DirectoryClaim(Tenant, "usr_1"), default)).Stored.ETag;
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => Directory.ReplaceAsync(Email, new DirectoryClaim(Tenant, $"usr_{i}"), etag, default))));
        Assert.Single(results, result => result is not null);
    }

    [Fact]
    public async Task Release_WithAndWithoutETag_DeletesOnce()
    {
        var first = (await Directory.ClaimAsync(Email, new DirectoryClaim(Tenant, "usr_1"), default)).Stored;
        var now = (await Directory.ReplaceAsync(Email, first.Claim, first.ETag, default))!;

        Assert.False(await Directory.ReleaseAsync(Email, first.ETag, default));
        Assert.True(await Directory.ReleaseAsync(Email, now, default));
        Assert.False(await Directory.ReleaseAsync(Email, null, default));
        await Directory.ClaimAsync(Email, new DirectoryClaim(Tenant, "usr_1"), default);
        Assert.True(await Directory.ReleaseAsync(Email, null, default));
        Assert.Null(await Directory.FindAsync(Email, default));
    }

    [Fact]
    public async Task Calls_OutsideTheRules_ThrowBeforeAnythingIsDone()
    {
        var claim = new DirectoryClaim(Tenant, "usr_1");
        await ThrowsAsync(() => Directory.ClaimAsync(new DirectoryKey("", "x"), claim, default));
        await ThrowsAsync(() => Directory.ClaimAsync(Email, null!, default));
        await ThrowsAsync(() => Directory.ClaimAsync(Email, claim with { Subject = null! }, default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Directory.ClaimAsync(Email, claim with { Tenant = default }, default));
        await ThrowsAsync(() => Directory.FindAsync(new DirectoryKey("email", ""), default));
        await ThrowsAsync(() => Directory.ReplaceAsync(Email, claim, "", default));
        await ThrowsAsync(() => Directory.ReleaseAsync(default, null, default));
        await ThrowsAsync(() => Directory.MarkDueAsync("", Tenant, "s", Clock.GetUtcNow(), default));
        await ThrowsAsync(() => Directory.MarkDueAsync("q", Tenant, "", Clock.GetUtcNow(), default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Directory.MarkDueAsync("q", default, "s", Clock.GetUtcNow(), default));
        await ThrowsAsync(() => Directory.ListDueAsync("q", Clock.GetUtcNow(), 0, default));
        await ThrowsAsync(() => Directory.PostponeAsync(null!, Clock.GetUtcNow(), default));
        await ThrowsAsync(() => Directory.ClearAsync(null!, default));
        Assert.Null(await Directory.FindAsync(Email, default));
        Assert.Empty(await Directory.ListDueAsync("q", Clock.GetUtcNow(), 10, default));
    }

    private static Task<ArgumentException> ThrowsAsync(Func<Task> call) => Assert.ThrowsAnyAsync<ArgumentException>(call);
}
