using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Proving.Parameters;
using MidnightOS.Tests.Integration.Prover;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Proving;

public sealed class ParameterTests : IDisposable
{
    private const int Small = 3;
    private const int NotDerived = 15;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Lazy<Task<byte[]>> SmallFile = new(MakeAsync);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task EnsureAsync_NoSource_DerivedFromTheLedgersPackage()
    {
        await using var proving = Proving();
        Assert.Null(await proving.Parameters.EnsureAsync(Small, again: false, None));

        AssertRight(Small);
        Assert.Equal(_folder.File("bls_midnight_2p3"), Assert.Single(proving.Parameters.Present).Path);
        Assert.Contains(" 7223 ", proving.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureAsync_NoSourceAndTooLarge_NamesFilePathAndSetting()
    {
        await using var proving = Proving();
        var failure = await proving.Parameters.EnsureAsync(NotDerived, again: false, None);

        Assert.Equal(ProofFailureKind.MissingFile, failure?.Kind);
        Assert.Contains("bls_midnight_2p15", failure!.Reason, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, failure.Reason, StringComparison.Ordinal);
        Assert.Contains("Prover:ParameterSource", failure.Reason, StringComparison.Ordinal);
        Assert.Empty(proving.Parameters.Present);
    }

    [Fact]
    public async Task EnsureAsync_AskedOftenAtOnce_DerivedOnce()
    {
        await using var proving = Proving();
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => proving.Parameters.EnsureAsync(Small, again: false, None))), Assert.Null);
        Assert.Equal(2, proving.Logs.Text.Split(" 7223 ").Length);
    }

    [Fact]
    public async Task EnsureAsync_TwoHostsAtOnce_BothHaveTheRightFile()
    {
        await using var left = Proving();
        await using var right = Proving();
        var failures = await Task.WhenAll(left.Parameters.EnsureAsync(Small, again: false, None), right.Parameters.EnsureAsync(Small, again: false, None));

        Assert.All(failures, Assert.Null);
        AssertRight(Small);
    }

    [Fact]
    public async Task EnsureAsync_Source_FetchedByItsOfficialName()
    {
        var file = await SmallFile.Value;
        await using var source = await FakeSource.StartAsync((context, _) => context.Response.Body.WriteAsync(file).AsTask());
        await using var proving = Proving(source);
        Assert.Null(await proving.Parameters.EnsureAsync(Small, again: false, None));

        Assert.Equal(["/params/bls_midnight_2p3"], source.Asked);
        AssertRight(Small);
    }

    [Fact]
    public async Task EnsureAsync_SourceBreaksOffOnce_TriedAgain()
    {
        var file = await SmallFile.Value;
        await using var source = await FakeSource.StartAsync(
            (context, number) => number == 1 ? FakeSource.BreakOffAsync(context, file) : context.Response.Body.WriteAsync(file).AsTask());
        await using var proving = Proving(source);
        Assert.Null(await proving.Parameters.EnsureAsync(Small, again: false, None));

        Assert.Equal(2, source.Asked.Count);
        Assert.DoesNotContain(" 7223 ", proving.Logs.Text, StringComparison.Ordinal);
        AssertRight(Small);
    }

    [Fact]
    public async Task EnsureAsync_SourceSendsSomethingElse_RefusedThreeTimesAndDerived()
    {
        var wrong = (byte[])(await SmallFile.Value).Clone();
        wrong[100] ^= 1;
        await using var source = await FakeSource.StartAsync((context, _) => context.Response.Body.WriteAsync(wrong).AsTask());
        await using var proving = Proving(source);
        Assert.Null(await proving.Parameters.EnsureAsync(Small, again: false, None));

        Assert.Equal(3, source.Asked.Count);
        Assert.Contains("not the published file", proving.Logs.Text, StringComparison.Ordinal);
        AssertRight(Small);
    }

    [Theory]
    [InlineData("wrong", 3, "not the published file")]
    [InlineData("missing", 1, "it answered 404")]
    [InlineData("failing", 3, "it answered 500")]
    [InlineData("silent", 3, "it sent nothing for")]
    [InlineData("endless", 3, "larger than the published file")]
    [InlineData("announced", 1, "larger than the published file")]
    public async Task EnsureAsync_SourceHasNoRightFile_SaysWhyAndLeavesNothing(string kind, int asked, string reason)
    {
        await using var source = await FakeSource.StartAsync((context, _) => AnswerAsync(context, kind));
        await using var proving = Proving(source, ("ParameterStallTimeout", kind == "silent" ? "00:00:00.1" : "00:00:30"));
        var failure = await proving.Parameters.EnsureAsync(NotDerived, again: false, None);

        Assert.Equal(ProofFailureKind.MissingFile, failure?.Kind);
        Assert.Contains(reason, failure!.Reason, StringComparison.Ordinal);
        Assert.Equal(asked, source.Asked.Count);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task EnsureAsync_NobodyListensAtTheSource_SaysSo()
    {
        var source = await FakeSource.StartAsync((_, _) => Task.CompletedTask);
        var address = source.Address;
        await source.DisposeAsync();
        await using var proving = new ProvingUnderTest(("ParameterFolder", _folder.Path), ("ParameterSource", address));
        Assert.Equal(ProofFailureKind.MissingFile, (await proving.Parameters.EnsureAsync(NotDerived, again: false, None))?.Kind);
    }

    [Fact]
    public async Task EnsureAsync_DamagedFileWithoutSource_RefusedAndKept()
    {
        var path = _folder.File("bls_midnight_2p15");
        await File.WriteAllTextAsync(path, "not parameters");
        await using var proving = Proving();
        var failure = await proving.Parameters.EnsureAsync(NotDerived, again: false, None);

        Assert.Contains(path, failure!.Reason, StringComparison.Ordinal);
        Assert.Contains("damaged", failure.Reason, StringComparison.Ordinal);
        Assert.Equal("not parameters", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task EnsureAsync_DamagedFileWithSource_FetchedAnew()
    {
        var file = await SmallFile.Value;
        await File.WriteAllTextAsync(_folder.File("bls_midnight_2p3"), "not parameters");
        await using var source = await FakeSource.StartAsync((context, _) => context.Response.Body.WriteAsync(file).AsTask());
        await using var proving = Proving(source);
        Assert.Null(await proving.Parameters.EnsureAsync(Small, again: false, None));
        AssertRight(Small);
        Assert.Contains(" 7226 ", proving.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureAsync_FolderCannotBeMade_NamesTheSetting()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "");
        await using var proving = new ProvingUnderTest(("ParameterFolder", _folder.File("file", "below")));
        var failure = await proving.Parameters.EnsureAsync(Small, again: false, None);
        Assert.Contains("Prover:ParameterFolder", failure!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureAsync_Cancelled_OthersStillGetTheFile()
    {
        await using var proving = Proving();
        using var cancellation = new CancellationTokenSource();
        var first = proving.Parameters.EnsureAsync(Small, again: false, cancellation.Token);
        var second = proving.Parameters.EnsureAsync(Small, again: false, None);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Null(await second);
    }

    [CircuitFact]
    public async Task ProveAsync_ParametersDamagedMeanwhile_DerivedAnewAndProved()
    {
        var request = await SmallCircuit.ProveAsync();
        await using (var before = Proving())
        {
            Assert.Null(await before.Parameters.EnsureAsync(6, again: false, None));
        }

        await using var proving = Proving();
        Assert.Null(await proving.Parameters.EnsureAsync(6, again: false, None));
        await using (var stream = File.OpenWrite(_folder.File("bls_midnight_2p6")))
        {
            stream.Seek(1000, SeekOrigin.Begin);
            stream.WriteByte(255);
        }

        var answer = await proving.Prover.ProveAsync(request, None);
        Assert.True(answer.IsDone, answer.Failure?.Reason);
        Assert.Contains(" 7226 ", proving.Logs.Text, StringComparison.Ordinal);
    }

    [CircuitFact]
    public async Task ProveAsync_ParametersAreBeingFetched_OthersGoOn()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var source = await FakeSource.StartAsync(async (context, _) =>
        {
            asked.TrySetResult();
            await go.Task;
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        await using var proving = Proving(source, ("Workers", "1"));
        var waiting = proving.Prover.ProveAsync(await SmallCircuit.ProveAsync(), None);
        await asked.Task;
        Assert.True((await proving.Prover.CheckAsync(await SmallCircuit.CheckAsync(), None)).IsDone);
        Assert.False(waiting.IsCompleted);
        go.SetResult();

        Assert.True((await waiting).IsDone);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", "https://elsewhere.example/x", "https://elsewhere.example/x/")]
    [InlineData("none", "https://elsewhere.example/x", null)]
    [InlineData("official", null, "https://srs.midnight.network/")]
    [InlineData("http://127.0.0.1:9/files", "x", "http://127.0.0.1:9/files/")]
    public void Source_OfSettingAndEnvironment_IsTheExpectedOne(string? setting, string? environment, string? expected)
    {
        var (source, problem) = new ParameterOptions { ParameterSource = setting }.Source(_ => environment);
        Assert.Equal((expected, null), (source?.ToString(), problem));
    }

    [Theory]
    [InlineData("ftp://example.org")]
    [InlineData("srs.midnight.network")]
    public void Validate_SourceThatIsNone_NamesTheSetting(string setting) =>
        Assert.StartsWith("Prover:ParameterSource", new ValidateParameterOptions().Validate(null, new ParameterOptions { ParameterSource = setting }).FailureMessage, StringComparison.Ordinal);

    [Theory]
    [InlineData("MIDNIGHT_PP", "/pp", "/pp")]
    [InlineData("XDG_CACHE_HOME", "/cache", "/cache/midnight/zk-params")]
    [InlineData("HOME", "/home/me", "/home/me/.cache/midnight/zk-params")]
    public void Folder_OfTheEnvironment_IsTheOfficialOne(string variable, string value, string expected)
    {
        var order = new[] { "MIDNIGHT_PP", "XDG_CACHE_HOME", "HOME" };
        Assert.Equal(expected, new ParameterOptions().Folder(name => Array.IndexOf(order, name) == Array.IndexOf(order, variable) ? value : Array.IndexOf(order, name) > Array.IndexOf(order, variable) ? "/other" : null));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<byte[]> MakeAsync()
    {
        await using var proving = new ProvingUnderTest();
        Assert.Null(await proving.Parameters.EnsureAsync(Small, again: false, None));
        return await File.ReadAllBytesAsync(proving.Parameters.Present.Single().Path);
    }

    private static Task AnswerAsync(HttpContext context, string kind)
    {
        switch (kind)
        {
            case "wrong":
                return context.Response.WriteAsync("something else");
            case "silent":
                return Task.Delay(Timeout.Infinite, context.RequestAborted);
            case "endless":
                return EndlessAsync(context);
            case "announced":
                context.Response.ContentLength = 1L << 40;
                return context.Response.Body.FlushAsync();
            default:
                context.Response.StatusCode = kind == "missing" ? StatusCodes.Status404NotFound : StatusCodes.Status500InternalServerError;
                return Task.CompletedTask;
        }
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        var buffer = new byte[1 << 20];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(buffer, context.RequestAborted);
        }
    }

    private ProvingUnderTest Proving(FakeSource? source = null, params (string Setting, string Value)[] settings) =>
        new([("ParameterFolder", _folder.Path), ("ParameterSource", source?.Address ?? ParameterOptions.None), .. settings]);

    private void AssertRight(int k)
    {
        var path = Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal(_folder.File($"bls_midnight_2p{k}"), path);
        Assert.Equal(PublishedPins.Parameters[k], Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }
}
