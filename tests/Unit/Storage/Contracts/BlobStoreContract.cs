using System.Text;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage.Contracts;

/// <summary>What every blob store does.</summary>
public abstract class BlobStoreContract : IAsyncLifetime
{
    /// <summary>The tenant of most tests.</summary>
    protected static readonly TenantId Tenant = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZA");

    private static readonly TenantId Other = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZB");

    private StoreUnderTest<IBlobStore>? _made;

    private ManualTimeProvider Clock { get; } = new();

    private IBlobStore Blobs => _made!.Store;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _made = await CreateAsync(Clock);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _made!.Destroy();

    /// <summary>Makes an empty store.</summary>
    protected abstract Task<StoreUnderTest<IBlobStore>> CreateAsync(ManualTimeProvider clock);

    [Fact]
    public async Task OpenRead_NoBlob_IsNull() => Assert.Null(await ReadAsync("none"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(81_920)]
    [InlineData(3_000_001)]
    public async Task Put_AnyLength_IsReadBack(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);

        Assert.True(await Blobs.PutAsync(Name("b"), new MemoryStream(content), false, default));
        await using var read = (await Blobs.OpenReadAsync(Name("b"), default))!;
        var copy = new MemoryStream();
        await read.CopyToAsync(copy);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task Put_ThereAlready_IsReplacedOnlyWhenAskedFor()
    {
        Assert.True(await PutAsync("b", "one", overwrite: false));
        Assert.False(await PutAsync("b", "two", overwrite: false));
        Assert.Equal("one", await ReadAsync("b"));
        Assert.True(await PutAsync("b", "three", overwrite: true));
        Assert.Equal("three", await ReadAsync("b"));
    }

    [Fact]
    public async Task Put_RacingWithoutOverwrite_OneWins()
    {
        var written = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => PutAsync("b", $"w{i}", overwrite: false))));
        var winner = Assert.Single(Enumerable.Range(0, 16), i => written[i]);
        Assert.Equal($"w{winner}", await ReadAsync("b"));
    }

    [Fact]
    public async Task Put_RacingWithOverwrite_LeavesOneWhole()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => PutAsync("b", new string((char)('a' + i), 100_000), overwrite: true))));
        var read = (await ReadAsync("b"))!;
        Assert.Equal(100_000, read.Length);
        Assert.Single(read.Distinct());
    }

    [Fact]
    public async Task Put_ContentThatFails_LeavesTheOldBlob()
    {
        await PutAsync("b", "old", overwrite: false);
        await Assert.ThrowsAsync<InvalidDataException>(() => Blobs.PutAsync(Name("b"), new BreakingStream(200_000), true, default));
        await Assert.ThrowsAsync<InvalidDataException>(() => Blobs.PutAsync(Name("new"), new BreakingStream(200_000), false, default));

        Assert.Equal("old", await ReadAsync("b"));
        Assert.Null(await ReadAsync("new"));
        Assert.Equal(["b"], await ListAsync());
    }

    [Fact]
    public async Task Put_Cancelled_LeavesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Blobs.PutAsync(Name("b"), new MemoryStream(new byte[10]), true, cancelled.Token));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Replace_WhileReading_ReaderKeepsWhatItOpened()
    {
        await PutAsync("b", "old", overwrite: false);
        using var reader = new StreamReader((await Blobs.OpenReadAsync(Name("b"), default))!);
        await PutAsync("b", "new", overwrite: true);
        Assert.Equal("old", await reader.ReadToEndAsync());
        Assert.Equal("new", await ReadAsync("b"));
    }

    [Fact]
    public async Task Delete_ThereAndNot_SaysWhich()
    {
        Assert.False(await Blobs.DeleteAsync(Name("b"), default));
        await PutAsync("b", "one", overwrite: false);
        var deleted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Blobs.DeleteAsync(Name("b"), default))));
        Assert.Single(deleted, done => done);
        Assert.Null(await ReadAsync("b"));
        Assert.True(await PutAsync("b", "again", overwrite: false));
    }

    [Fact]
    public async Task List_OneContainerOfOneTenant_InOrdinalOrder()
    {
        foreach (var name in new[] { "b", "a10", "B", "a2", "_", "a.x" })
        {
            await PutAsync(name, name, overwrite: false);
        }

        await Blobs.PutAsync(new BlobName(Tenant, "proofs", "elsewhere"), new MemoryStream(), false, default);
        await Blobs.PutAsync(new BlobName(Other, "wallets", "theirs"), new MemoryStream(), false, default);

        Assert.Equal(["B", "_", "a.x", "a10", "a2", "b"], await ListAsync());
        Assert.Null(await Blobs.OpenReadAsync(new BlobName(Other, "wallets", "b"), default));
        Assert.False(await Blobs.DeleteAsync(new BlobName(Other, "wallets", "b"), default));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../b")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\0b")]
    public async Task Names_OutsideTheRules_Throw(string name)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PutAsync(name, "x", overwrite: true));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ReadAsync(name));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Blobs.DeleteAsync(Name(name), default));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Blobs.PutAsync(new BlobName(Tenant, name, "b"), new MemoryStream(), true, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Blobs.PutAsync(new BlobName(new TenantId("ten_/" + name), "wallets", "b"), new MemoryStream(), true, default));
    }

    [Fact]
    public async Task Names_Of200Characters_AreStoredAndLongerThrow()
    {
        await PutAsync(new string('n', 200), "x", overwrite: false);
        Assert.Equal("x", await ReadAsync(new string('n', 200)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PutAsync(new string('n', 201), "x", overwrite: false));
    }

    private static BlobName Name(string name) => new(Tenant, "wallets", name);

    private Task<bool> PutAsync(string name, string content, bool overwrite) =>
        Blobs.PutAsync(Name(name), new MemoryStream(Encoding.UTF8.GetBytes(content)), overwrite, default);

    private async Task<string?> ReadAsync(string name)
    {
        if (await Blobs.OpenReadAsync(Name(name), default) is not { } stream)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private async Task<List<string>> ListAsync()
    {
        var names = new List<string>();
        await foreach (var blob in Blobs.ListAsync(Tenant, "wallets", default))
        {
            names.Add(blob.Name);
        }

        return names;
    }

    private sealed class BreakingStream(int length) : MemoryStream(new byte[length])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length / 2 ? base.ReadAsync(buffer, cancellationToken) : throw new InvalidDataException("The content broke off.");
    }
}
