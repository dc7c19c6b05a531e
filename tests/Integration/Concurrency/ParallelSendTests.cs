using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Midnight.Devnet;
using MidnightOS.Tests.Integration.Crashes;
using MidnightOS.Tests.Integration.Embedded;
using Xunit.Abstractions;

namespace MidnightOS.Tests.Integration.Concurrency;

/// <summary>Many sends from one wallet at once, with funds for half of them.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ParallelSendTests(PlatformUnderTest platform, ITestOutputHelper output)
{
    private const int Requests = 200;
    private const int Affordable = Requests / 2;
    private const decimal Each = 1.25m;

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task Send_TwiceWhatTheWalletHasAtOnce_PaysHalfAndRefusesHalf(int coins)
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        var (from, to) = (await ann.AddressOfAsync(alice), await ann.AddressOfAsync(bob));
        await FundAsync(ann, alice, from, coins);
        var started = TimeProvider.System.GetTimestamp();

        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => SendAsync(ann, alice, to)));
        var accepted = answers.Where(static answer => answer.Status == HttpStatusCode.Accepted).Select(static answer => answer.Body).ToList();
        var refused = answers.Where(static answer => answer.Status == HttpStatusCode.UnprocessableEntity).Select(static answer => answer.Body).ToList();
        Assert.Equal((Affordable, Requests - Affordable), (accepted.Count, refused.Count));
        Assert.All(refused, static body => Assert.Equal("INSUFFICIENT_FUNDS", (string?)body["error"]!["code"]));
        output.WriteLine($"{coins} coins: {Requests} answers after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:f1} s");

        var ends = new List<JsonNode>();
        foreach (var body in accepted)
        {
            ends.Add(await ann.EndOfAsync((string)body["transaction"]!["id"]!));
        }

        var blocks = ends.Select(static end => (long?)end["block"]?["height"] ?? -1).ToList();
        output.WriteLine($"{coins} coins: all ended after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:f1} s, in {blocks.Distinct().Count()} blocks of {blocks.Max() - blocks.Min() + 1}");
        Assert.All(ends, static end => Assert.Equal("confirmed", (string?)end["status"]));
        Assert.Equal(Affordable, ends.Select(static end => (string?)end["hash"]).Distinct(StringComparer.Ordinal).Count());
        await AssertBalancesAsync(ann, (alice, from), (bob, to));
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(PlatformClient client, string bot, string to)
    {
        using var response = await client.Http.PostAsJsonAsync($"/api/bots/{bot}/wallet/send", new { to, amount = Text(Each) });
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private static async Task FundAsync(PlatformClient client, string bot, string address, int coins)
    {
        var amount = Text(Affordable * Each / coins);
        await Task.WhenAll(Enumerable.Range(0, coins).Select(_ => client.PostAsync("/api/devnet/faucet", new { address, amount })));
        await client.UntilAsync($"/api/bots/{bot}/wallet", static wallet => PlatformClient.Night(wallet, "total") == Text(Affordable * Each));
    }

    private async Task AssertBalancesAsync(PlatformClient client, (string Bot, string Address) payer, (string Bot, string Address) payee)
    {
        await client.UntilAsync($"/api/bots/{payee.Bot}/wallet", static wallet => PlatformClient.Night(wallet, "total") == Text(Affordable * Each));
        var wallet = await client.GetAsync($"/api/bots/{payer.Bot}/wallet");
        Assert.Equal(("0", "0", "0"), (PlatformClient.Night(wallet, "total"), PlatformClient.Night(wallet, "available"), PlatformClient.Night(wallet, "reserved")));
        var devnet = await platform.Services.GetRequiredService<IDevnet>().WhenReadyAsync(CancellationToken.None);
        Assert.Equal("0", await ChainUnderCrashes.BalanceAsync(devnet.Indexer, devnet.Node, payer.Address));
        Assert.Equal(Text(Affordable * Each * 1_000_000), await ChainUnderCrashes.BalanceAsync(devnet.Indexer, devnet.Node, payee.Address));
    }

    private static string Text(decimal amount) => amount.ToString("0.######", CultureInfo.InvariantCulture);
}
