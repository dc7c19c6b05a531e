using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Crashes;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>Two hosts as processes of their own: one is killed, and the other brings to its end what both had accepted.</summary>
[Collection(TwoHostsCollection.Name)]
public sealed class DyingHostTests(HostPair hosts)
{
    [Fact]
    public async Task Sends_OneHostIsKilled_TheOtherEndsThemAllAndPaysOnce()
    {
        using var folder = new TemporaryFolder();
        await using var dying = Host(folder);
        await using var living = Host(folder);
        await Task.WhenAll(dying.StartAsync(), living.StartAsync());
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
        Assert.Equal("30000000", await hosts.Chain.BalanceAsync(to));
    }

    // The points at which a host kills itself are not for these tests.
    private HostProcess Host(TemporaryFolder folder) => new(
    [
        .. PlatformUnderTest.Arguments(folder.File("data"), hosts.Chain.Settings), "--Flows:LeaseDuration", "00:00:02",
        "--Crash:At", "^$", "--Crash:Deaths", folder.File("deaths.txt"), "--Crash:Ahead", "00:00:00",
    ]);
}
