using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Crashes;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>Two hosts as processes of their own, with nothing but the data folder in common: one is killed, and its devnet dies with it.</summary>
public sealed class DyingHostTests
{
    [Fact]
    public async Task Sends_HostWithTheDevnetIsKilled_TheOtherTakesItOnAndEndsThemAll()
    {
        using var folder = new TemporaryFolder();
        await using var dying = Host(folder);
        await using var living = Host(folder);
        await dying.StartAsync();
        await living.StartAsync();
        var one = await PlatformClient.SignUpAsync(dying.Address);
        using var both = new Both(one, one.On(living.Address));
        var (alice, bob) = (await both.One.CreateBotAsync("Alice"), await both.Two.CreateBotAsync("Bob"));
        var to = await both.Two.AddressOfAsync(bob);
        await both.One.FundAsync(alice, "50");

        var sends = Enumerable.Range(0, 30).Select(async n =>
        {
            using var answer = await both[n].Http.PostAsJsonAsync($"/api/bots/{alice}/wallet/send", new { to, amount = "1" });
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["transaction"]!["id"]!;
        });
        var accepted = await Task.WhenAll(sends);
        var creation = await both.One.PostAsync("/api/bots", new { name = "Late", type = "general" }, HttpStatusCode.Accepted);
        await dying.KillAsync();

        foreach (var id in accepted)
        {
            Assert.Equal("confirmed", (string?)(await both.Two.EndOfAsync(id))["status"]);
        }

        await both.Two.UntilAsync($"/api/operations/{creation["operation"]!["id"]}", static o => (string?)o["status"] == "succeeded");
        await both.Two.UntilAsync($"/api/bots/{bob}/wallet", static wallet => PlatformClient.Night(wallet, "total") == "30");
        Assert.Equal(("20", "20"), (await both.Two.TotalAsync(alice), await both.Two.AvailableAsync(alice)));
        var devnet = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("data", "devnet", "endpoints.json")))!;
        Assert.Equal("30000000", await ChainUnderCrashes.BalanceAsync(new Uri((string)devnet["indexer"]!), new Uri((string)devnet["node"]!), to));
    }

    // The points at which a host kills itself are not for these tests.
    private static HostProcess Host(TemporaryFolder folder) => new(
    [
        .. PlatformUnderTest.Arguments(folder.File("data")), "--Flows:LeaseDuration", "00:00:02",
        "--Crash:At", "^$", "--Crash:Deaths", folder.File("deaths.txt"), "--Crash:Ahead", "00:00:00",
    ]);
}
