using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Wallets;
using MidnightOS.Midnight.Devnet;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Clients;

/// <summary>The platform and the official wallet look at one and the same wallet.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OfficialWalletTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task ExportedWallet_OpenedInTheOfficialWallet_HasTheSameAddressCoinsAndBalance()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "7.5");
        await ann.FundAsync(alice, "0.000001");
        var sent = await ann.PostAsync($"/api/bots/{alice}/wallet/send", new { to = await ann.AddressOfAsync(bob), amount = "2.25" }, System.Net.HttpStatusCode.Accepted);
        await ann.EndOfAsync((string)sent["transaction"]!["id"]!);

        foreach (var (bot, balance) in new[] { (alice, "5250001"), (bob, "2250000") })
        {
            await ann.UntilAsync($"/api/bots/{bot}/wallet", wallet => PlatformClient.Night(wallet, "atomic") == balance);
            var official = await OpenAsync(ann, bot, balance);
            Assert.Equal(await ann.AddressOfAsync(bot), (string?)official["address"]);
            Assert.Equal(balance, (string?)official["before"]!["balance"]);
            Assert.Equal(await CoinsAsync(ann, bot), CoinsOf(official["before"]!));
        }
    }

    [Fact]
    public async Task TransferByTheOfficialWallet_FromACopyOfABotsWalletToABot_IsInTheBooksOfBoth()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        var (from, to) = (await ann.AddressOfAsync(alice), await ann.AddressOfAsync(bob));
        await ann.FundAsync(alice, "10");

        var official = await OpenAsync(ann, alice, "10000000", new { to, amount = "3000001" });
        var hash = (string?)official["payment"]!["hash"];
        await ann.UntilAsync($"/api/bots/{bob}/wallet", static wallet => PlatformClient.Night(wallet, "total") == "3.000001");
        await ann.UntilAsync($"/api/bots/{alice}/wallet", static wallet => PlatformClient.Night(wallet, "available") == "6.999999");
        var received = (await ann.GetAsync($"/api/bots/{bob}/transactions"))["data"]!.AsArray().Single()!;
        Assert.Equal(("in", "confirmed", "3000001", hash, from), Facts(received, "from"));
        var spent = (await ann.GetAsync($"/api/bots/{alice}/transactions"))["data"]!.AsArray().First()!;
        Assert.Equal(("out", "confirmed", "3000001", hash, to), Facts(spent, "to"));
        Assert.Equal(await CoinsAsync(ann, alice), CoinsOf(official["after"]!));

        // The change that the official wallet made is a coin like any other: the bot spends it.
        var back = await ann.PostAsync($"/api/bots/{alice}/wallet/send", new { to, amount = "6.999999" }, System.Net.HttpStatusCode.Accepted);
        Assert.Equal("confirmed", (string?)(await ann.EndOfAsync((string)back["transaction"]!["id"]!))["status"]);
        Assert.Equal("0", await ann.TotalAsync(alice));
    }

    private static (string?, string?, string?, string?, string?) Facts(JsonNode transaction, string counterparty) =>
        ((string?)transaction["direction"], (string?)transaction["status"], (string?)transaction["atomic"], (string?)transaction["hash"], (string?)transaction[counterparty]);

    private static IEnumerable<(string, string, int)> CoinsOf(JsonNode wallet) =>
        wallet["coins"]!.AsArray().Select(static coin => ((string)coin!["value"]!, (string)coin["intentHash"]!, (int)coin["outputIndex"]!)).Order();

    private async Task<IEnumerable<(string, string, int)>> CoinsAsync(PlatformClient client, string bot)
    {
        var tenant = new TenantId((string)client.Session["tenant"]!["id"]!);
        var night = WalletCoin.IndexValue(bot, new string('0', 64));
        var page = await platform.Services.GetRequiredService<IDocumentStore>().QueryAsync(tenant, new DocumentQuery(WalletCoin.Kind, WalletCoin.All, night) { Limit = 100 }, default);
        return page.Documents.Select(static document => document.As<WalletCoin>().Value.Coin)
            .Select(static coin => (coin.Value.ToString(), coin.IntentHash, coin.OutputNo)).Order();
    }

    /// <summary>Opens a bot's wallet by its exported words, in a process of its own.</summary>
    private async Task<JsonNode> OpenAsync(PlatformClient client, string bot, string balance, object? pay = null)
    {
        var mnemonic = (string?)(await client.PostAsync($"/api/bots/{bot}/wallet/export", new { password = PlatformClient.Password }))["mnemonic"];
        var devnet = await platform.Services.GetRequiredService<IDevnet>().WhenReadyAsync(CancellationToken.None);
        var paths = await platform.Services.GetRequiredService<INodeWorkspace>().PrepareAsync(PackageSet.Development, progress: null, CancellationToken.None);
        var start = new ProcessStartInfo(paths.Node, ["--no-warnings", Path.Combine(paths.Packages, "devnet", "testing", "officialWalletProgram.js")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(System.Text.Json.JsonSerializer.Serialize(
            new { indexer = devnet.Indexer.GetLeftPart(UriPartial.Authority), node = devnet.Node, mnemonic, balance, pay }));
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return JsonNode.Parse(output)!;
    }
}
