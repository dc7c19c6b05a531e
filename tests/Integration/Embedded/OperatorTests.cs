using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Backup;
using MidnightOS.Core.Custody;
using MidnightOS.Embedded.Operator;

namespace MidnightOS.Tests.Integration.Embedded;

/// <summary>What an operator does on the machine, beside a running host.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OperatorTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task RestoreBot_AfterItsDeletion_BringsItBackWithWhatItsWalletGotMeanwhile()
    {
        using var ann = await platform.SignUpAsync();
        var bot = await ann.CreateBotAsync();
        var address = await ann.AddressOfAsync(bot);
        var deletion = await ann.SendAsync(HttpMethod.Delete, $"/api/bots/{bot}", null, HttpStatusCode.Accepted);
        await ann.UntilAsync($"/api/operations/{deletion["operation"]!["id"]}", static o => (string?)o["status"] == "succeeded");
        await ann.PostAsync("/api/devnet/faucet", new { address, amount = "3" });

        Assert.Equal(0, await RunAsync("bots", "restore", (string)ann.Session["tenant"]!["id"]!, bot));

        Assert.Equal("stopped", (string?)(await ann.GetAsync($"/api/bots/{bot}"))["status"]);
        await ann.PostAsync($"/api/bots/{bot}/start", null);
        await ann.UntilAsync($"/api/bots/{bot}/wallet", static wallet => PlatformClient.Night(wallet, "total") == "3");
        var sent = await ann.PostAsync($"/api/bots/{bot}/wallet/send", new { to = address, amount = "1" }, HttpStatusCode.Accepted);
        Assert.Equal("confirmed", (string?)(await ann.EndOfAsync((string)sent["transaction"]!["id"]!))["status"]);
        Assert.Equal(1, await RunAsync("bots", "restore", (string)ann.Session["tenant"]!["id"]!, bot));
    }

    [Fact]
    public async Task RotateSigning_WhileSomeoneIsSignedIn_KeepsThemSignedIn()
    {
        using var ann = await platform.SignUpAsync();
        var before = (await ann.GetAsync("/.well-known/jwks.json"))["keys"]!.AsArray().Count;

        Assert.Equal(0, await RunAsync("keys", "rotate", "signing"));

        await ann.GetAsync("/api/auth/me");
        Assert.True((await ann.GetAsync("/.well-known/jwks.json"))["keys"]!.AsArray().Count > before);
        using var bob = await platform.SignUpAsync();
        await bob.GetAsync("/api/auth/me");
    }

    [Fact]
    public async Task RotateWallets_WithWalletsSealed_KeepsThemUsable()
    {
        using var ann = await platform.SignUpAsync();
        var bot = await ann.CreateBotAsync();
        await ann.FundAsync(bot, "2");

        Assert.Equal(0, await RunAsync("keys", "rotate", "wallets"));

        var sent = await ann.PostAsync($"/api/bots/{bot}/wallet/send", new { to = await ann.AddressOfAsync(bot), amount = "1" }, HttpStatusCode.Accepted);
        Assert.Equal("confirmed", (string?)(await ann.EndOfAsync((string)sent["transaction"]!["id"]!))["status"]);
    }

    [Fact]
    public async Task ListKeys_AfterARotation_ShowsTheOldVersionAndTheCurrentOne()
    {
        Assert.Equal(0, await RunAsync("keys", "rotate", "payloads"));
        Assert.Equal(0, await RunAsync("keys", "list"));
        var versions = await platform.Services.GetRequiredService<IKeyBackup>().VersionsAsync(default);
        var payloads = versions.Where(static version => version.Purpose == VaultPurpose.Payloads).ToList();
        Assert.Equal([KeyVersionUse.Old, KeyVersionUse.Current], payloads.TakeLast(2).Select(static version => version.Use));
        Assert.Equal(payloads[^1].Id, await platform.Services.GetRequiredService<IVault>().CurrentVersionAsync(VaultPurpose.Payloads, default));
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("keys", "rotate", "everything")]
    [InlineData("keys", "rotate", "0")]
    [InlineData("bots", "restore", "somebody", "bot_1")]
    public async Task RunAsync_WordsThatAreNoCommand_ShowTheUsage(params string[] words) => Assert.Equal(2, await RunAsync(words));

    [Fact]
    public void WordsOf_CommandWithSettings_EndsBeforeTheFirstSetting()
    {
        Assert.Equal(["keys", "rotate", "signing"], OperatorCommand.WordsOf(["keys", "rotate", "signing", "--Data:Folder", "elsewhere"]));
        Assert.Empty(OperatorCommand.WordsOf(["--urls", "http://127.0.0.1:0"]));
    }

    private Task<int> RunAsync(params string[] words) => OperatorCommand.RunAsync(words, platform.Services, CancellationToken.None);
}
