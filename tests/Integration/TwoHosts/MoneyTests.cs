using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Crashes;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>What is paid, made and said through two hosts is paid, made and said once.</summary>
[Collection(TwoHostsCollection.Name)]
public sealed class MoneyTests(HostPair hosts)
{
    [Fact]
    public async Task Send_SameKeyOnBothAtOnce_PaysOnceAndAnswersAlike()
    {
        using var both = await hosts.SignUpAsync();
        var (alice, bob) = (await both.One.CreateBotAsync("Alice"), await both.Two.CreateBotAsync("Bob"));
        await both.One.FundAsync(alice, "10");
        var body = new { to = await both.Two.AddressOfAsync(bob), amount = "1" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n =>
            both[n].PostAsync($"/api/bots/{alice}/wallet/send", body, HttpStatusCode.Accepted, "rent-of-may")));

        Assert.Single(answers.Select(static answer => answer.ToJsonString()).Distinct(StringComparer.Ordinal));
        await both.Two.EndOfAsync((string)answers[0]["transaction"]!["id"]!);
        Assert.Equal(answers[0].ToJsonString(), (await both.Two.PostAsync($"/api/bots/{alice}/wallet/send", body, HttpStatusCode.Accepted, "rent-of-may")).ToJsonString());
        Assert.Equal(("9", "9"), (await both.One.TotalAsync(alice), await both.Two.AvailableAsync(alice)));
        Assert.Equal("1000000", await hosts.Chain.BalanceAsync(body.to));
        await both.One.PostAsync($"/api/bots/{alice}/wallet/send", new { body.to, amount = "2" }, HttpStatusCode.UnprocessableEntity, "rent-of-may");
    }

    [Fact]
    public async Task CreateBot_SameKeyOnBothAtOnce_MakesOneBotWithOneWallet()
    {
        using var both = await hosts.SignUpAsync();
        var body = new { name = "Alice", type = "general" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => both[n].PostAsync("/api/bots", body, HttpStatusCode.Accepted, "the-first")));
        var bot = Assert.Single(answers.Select(static answer => (string)answer["bot"]!["id"]!).Distinct(StringComparer.Ordinal));
        await both.Two.UntilAsync($"/api/operations/{answers[0]["operation"]!["id"]}", static o => (string?)o["status"] == "succeeded");
        Assert.Single((await both.Two.GetAsync("/api/bots"))["data"]!.AsArray());
        await using var state = new StoredState(hosts.Data, both.One.Session);
        Assert.Single(state.Seeds);
        Assert.Equal(await both.One.AddressOfAsync(bot), await both.Two.AddressOfAsync(bot));
    }

    [Fact]
    public async Task Send_TwiceWhatTheWalletHasOnBothAtOnce_PaysWhatItHasAndRunsEachFlowOnce()
    {
        using var both = await hosts.SignUpAsync();
        var (alice, bob) = (await both.One.CreateBotAsync("Alice"), await both.Two.CreateBotAsync("Bob"));
        var to = await both.One.AddressOfAsync(bob);
        for (var coin = 0; coin < 4; coin++)
        {
            await both[coin].FundAsync(alice, "5");
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async n =>
        {
            using var answer = await both[n].Http.PostAsJsonAsync($"/api/bots/{alice}/wallet/send", new { to, amount = "1" });
            return (answer.StatusCode, Body: JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
        }));
        var accepted = answers.Where(static answer => answer.StatusCode == HttpStatusCode.Accepted).Select(static answer => (string)answer.Body["transaction"]!["id"]!).ToList();
        Assert.Equal((20, 20), (accepted.Count, answers.Count(static answer => (string?)answer.Body["error"]?["code"] == "INSUFFICIENT_FUNDS")));
        for (var n = 0; n < accepted.Count; n++)
        {
            var end = await both[n].EndOfAsync(accepted[n]);
            Assert.Equal(["requested", "building", "proving", "submitted", "confirmed"], end["history"]!.AsArray().Select(static moment => (string)moment!["status"]!));
        }

        await both.Two.UntilAsync($"/api/bots/{bob}/wallet", static wallet => PlatformClient.Night(wallet, "total") == "20");
        Assert.Equal(("0", "0"), (await both.One.TotalAsync(alice), await both.Two.AvailableAsync(alice)));
        Assert.Equal("20000000", await hosts.Chain.BalanceAsync(to));
        await AssertSettledAsync(both, accepted);
    }

    [Fact]
    public async Task Chat_OneSessionOnBothAtOnce_KeepsTurnsWholeAndInOneOrder()
    {
        using var both = await hosts.SignUpAsync();
        var bot = await both.One.CreateBotAsync();
        var first = await both.One.PostAsync($"/api/bots/{bot}/chat", new { message = "what's my balance? 0" });
        var session = (string)first["sessionId"]!;
        await Task.WhenAll(Enumerable.Range(1, 12).Select(n => both[n].PostAsync($"/api/bots/{bot}/chat", new { message = $"what's my balance? {n}", sessionId = session })));

        var read = new[] { await both.One.GetAsync($"/api/chat/{session}?limit=100"), await both.Two.GetAsync($"/api/chat/{session}?limit=100") };
        Assert.Equal(read[0]["data"]!.ToJsonString(), read[1]["data"]!.ToJsonString());
        var turns = read[0]["data"]!.AsArray().Chunk(3).ToList();
        Assert.Equal(13, turns.Count);
        Assert.Equal(13, turns.Select(static turn => (string)turn[0]!["content"]!).Distinct(StringComparer.Ordinal).Count());
        Assert.All(turns, static turn =>
        {
            Assert.Equal(["user", "tool", "bot"], turn.Select(static message => (string)message!["sender"]!));
            Assert.Equal((string?)turn[0]!["id"], (string?)turn[2]!["metadata"]!["replyTo"]);
        });
    }

    private async Task AssertSettledAsync(Both both, IEnumerable<string> flows)
    {
        // The records of what the last flow did are dispatched a moment after its end can be read.
        await using var state = new StoredState(hosts.Data, both.One.Session);
        await both.One.UntilAsync("/api/auth/me", _ => state.AllAsync("outbox").GetAwaiter().GetResult().Count == 0);
        await state.AssertSettledAsync(flows);
    }
}
