using System.Net;
using System.Text.Json.Nodes;

namespace MidnightOS.Tests.Integration.Embedded;

/// <summary>The main job, from sign-up to a confirmed transfer, over HTTP on the real ledger.</summary>
[Collection(PlatformCollection.Name)]
public sealed class JourneyTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Send_FromSignUpToConfirmed_MovesTheBalancesOfBothSides()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "100");

        var accepted = await ann.PostAsync(
            $"/api/bots/{alice}/wallet/send", new { to = await ann.AddressOfAsync(bob), amount = "5.25", note = "rent" }, HttpStatusCode.Accepted);
        var sent = await ann.EndOfAsync((string)accepted["transaction"]!["id"]!);

        Assert.Equal("confirmed", (string?)sent["status"]);
        Assert.Equal("5250000", (string?)sent["atomic"]);
        Assert.Equal("rent", (string?)sent["note"]);
        Assert.Equal(["requested", "building", "proving", "submitted", "confirmed"], sent["history"]!.AsArray().Select(static m => (string)m!["status"]!));
        Assert.Equal(("94.75", "94.75"), (await ann.TotalAsync(alice), await ann.AvailableAsync(alice)));
        await ann.UntilAsync($"/api/bots/{bob}/wallet", static wallet => PlatformClient.Night(wallet, "total") == "5.25");
        var received = (await ann.GetAsync($"/api/bots/{bob}/transactions"))["data"]!.AsArray().Single()!;
        Assert.Equal(("in", "5.25", (string?)sent["hash"]), ((string?)received["direction"], (string?)received["amount"], (string?)received["hash"]));
        Assert.Equal(await ann.AddressOfAsync(alice), (string?)received["from"]);
    }

    [Fact]
    public async Task CreateBot_StageByStage_ShowsEveryStageAndTellsTheStream()
    {
        using var ann = await platform.SignUpAsync();
        var accepted = await ann.PostAsync("/api/bots", new { name = "Stage", type = "treasury" }, HttpStatusCode.Accepted);
        Assert.Equal("provisioning", (string?)accepted["bot"]!["status"]);
        var operation = await ann.UntilAsync($"/api/operations/{accepted["operation"]!["id"]}", static o => (string?)o["status"] != "running");

        Assert.Equal(
            ["saveConfig", "registerAgent", "createWallet", "activate", "announce"], operation["stages"]!.AsArray().Select(static s => (string)s!["name"]!));
        Assert.All(operation["stages"]!.AsArray(), static stage =>
        {
            Assert.Equal("succeeded", (string?)stage!["status"]);
            Assert.True((DateTimeOffset)stage["startedAt"]! <= (DateTimeOffset)stage["finishedAt"]!);
        });
        var bot = await ann.GetAsync($"/api/bots/{accepted["bot"]!["id"]}");
        Assert.Equal(("running", (string?)operation["result"]!["walletAddress"]), ((string?)bot["status"], (string?)bot["walletAddress"]));
        var events = await ann.UntilAsync("/api/activities?limit=100", static list =>
            list["data"]!.AsArray().Any(static e => (string?)e!["data"]!["operation"]?["status"] == "succeeded"));
        Assert.Contains(events["data"]!.AsArray(), static e => (string?)e!["type"] == "bot_status" && (string?)e["data"]!["status"] == "running");
    }

    [Fact]
    public async Task Send_MoreThanAvailable_IsRefusedAndReservesNothing()
    {
        using var ann = await platform.SignUpAsync();
        var bot = await ann.CreateBotAsync();
        await ann.FundAsync(bot, "3");
        var refused = await ann.PostAsync(
            $"/api/bots/{bot}/wallet/send", new { to = await ann.AddressOfAsync(bot), amount = "3.000001" }, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("INSUFFICIENT_FUNDS", (string?)refused["error"]!["code"]);
        Assert.Equal("3", await ann.AvailableAsync(bot));
    }

    [Fact]
    public async Task Send_WithTheSameIdempotencyKey_PaysOnce()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "10");
        var body = new { to = await ann.AddressOfAsync(bob), amount = "1" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            ann.PostAsync($"/api/bots/{alice}/wallet/send", body, HttpStatusCode.Accepted, "pay-rent-november")));
        Assert.Single(answers.Select(static answer => (string)answer["transaction"]!["id"]!).Distinct(StringComparer.Ordinal));
        await ann.EndOfAsync((string)answers[0]["transaction"]!["id"]!);
        Assert.Equal("9", await ann.TotalAsync(alice));

        var other = await ann.PostAsync(
            $"/api/bots/{alice}/wallet/send", new { body.to, amount = "2" }, HttpStatusCode.UnprocessableEntity, "pay-rent-november");
        Assert.Equal("IDEMPOTENCY_MISMATCH", (string?)other["error"]!["code"]);
    }

    [Fact]
    public async Task Send_ManyAtOnceFromOneCoin_AllConfirmAndTheRestIsRefused()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "10");
        var to = await ann.AddressOfAsync(bob);
        using var http = ann.Http;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(http, $"/api/bots/{alice}/wallet/send", new { to, amount = "1" })));
        var accepted = answers.Where(static answer => answer.StatusCode == HttpStatusCode.Accepted).ToList();
        Assert.Equal(10, accepted.Count);
        Assert.Equal(10, answers.Count(static answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity));
        foreach (var answer in accepted)
        {
            var id = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["transaction"]!["id"]!;
            Assert.Equal("confirmed", (string?)(await ann.EndOfAsync(id))["status"]);
        }

        Assert.Equal(("0", "0"), (await ann.TotalAsync(alice), await ann.AvailableAsync(alice)));
        await ann.UntilAsync($"/api/bots/{bob}/wallet", static wallet => PlatformClient.Night(wallet, "total") == "10");
    }

    [Fact]
    public async Task Send_AboveTheConfirmationLimit_WaitsAndIsConfirmedOrCancelled()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice", new { capabilities = new { limits = new { confirmAbove = "1" } } }), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "10");
        var to = await ann.AddressOfAsync(bob);
        var first = await ann.PostAsync($"/api/bots/{alice}/wallet/send", new { to, amount = "2" }, HttpStatusCode.Accepted);
        var second = await ann.PostAsync($"/api/bots/{alice}/wallet/send", new { to, amount = "3" }, HttpStatusCode.Accepted);
        Assert.Equal(("awaitingConfirmation", "5"), ((string?)first["transaction"]!["status"], await ann.AvailableAsync(alice)));

        await ann.PostAsync($"/api/transactions/{first["transaction"]!["id"]}/confirm", null);
        var cancelled = await ann.PostAsync($"/api/transactions/{second["transaction"]!["id"]}/cancel", null);

        Assert.Equal("cancelled", (string?)cancelled["status"]);
        Assert.Equal("confirmed", (string?)(await ann.EndOfAsync((string)first["transaction"]!["id"]!))["status"]);
        Assert.Equal(("8", "8"), (await ann.TotalAsync(alice), await ann.AvailableAsync(alice)));
        var late = await ann.PostAsync($"/api/transactions/{first["transaction"]!["id"]}/cancel", null, HttpStatusCode.Conflict);
        Assert.Equal("INVALID_STATE", (string?)late["error"]!["code"]);
    }

    [Fact]
    public async Task DeleteBot_WithFunds_NeedsSweepToAndSendsThemFirst()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "7");
        await ann.FundAsync(alice, "4");
        var refused = await ann.SendAsync(HttpMethod.Delete, $"/api/bots/{alice}", null, HttpStatusCode.Conflict);
        Assert.Equal("INVALID_STATE", (string?)refused["error"]!["code"]);

        var to = await ann.AddressOfAsync(bob);
        var accepted = await ann.SendAsync(HttpMethod.Delete, $"/api/bots/{alice}?sweepTo={to}", null, HttpStatusCode.Accepted);
        var operation = await ann.UntilAsync($"/api/operations/{accepted["operation"]!["id"]}", static o => (string?)o["status"] != "running");

        Assert.Equal("succeeded", (string?)operation["status"]);
        await ann.GetAsync($"/api/bots/{alice}", HttpStatusCode.NotFound);
        await ann.UntilAsync($"/api/bots/{bob}/wallet", static wallet => PlatformClient.Night(wallet, "total") == "11");
    }

    [Fact]
    public async Task Export_WithThePassword_GivesWordsAndIsAudited()
    {
        using var ann = await platform.SignUpAsync();
        var bot = await ann.CreateBotAsync();
        await ann.PostAsync($"/api/bots/{bot}/wallet/export", new { password = "not the password" }, HttpStatusCode.Unauthorized);
        var export = await ann.PostAsync($"/api/bots/{bot}/wallet/export", new { password = PlatformClient.Password });
        Assert.Equal(24, ((string)export["mnemonic"]!).Split(' ').Length);
        var trail = await ann.UntilAsync("/api/activities?limit=100", static list =>
            list["data"]!.AsArray().Count(static e => (string?)e!["data"]!["action"] == "wallet.export") == 2);
        Assert.DoesNotContain((string)export["mnemonic"]!, trail.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PausedAndStoppedBots_SpendNothing()
    {
        using var ann = await platform.SignUpAsync();
        var bot = await ann.CreateBotAsync();
        await ann.FundAsync(bot, "1");
        var body = new { to = await ann.AddressOfAsync(bot), amount = "1" };
        foreach (var (move, status) in new[] { ("pause", "paused"), ("stop", "stopped") })
        {
            Assert.Equal(status, (string?)(await ann.PostAsync($"/api/bots/{bot}/{move}", null))["status"]);
            var refused = await ann.PostAsync($"/api/bots/{bot}/wallet/send", body, HttpStatusCode.Conflict);
            Assert.Equal("INVALID_STATE", (string?)refused["error"]!["code"]);
        }

        await ann.PostAsync($"/api/bots/{bot}/pause", null, HttpStatusCode.Conflict);
        Assert.Equal("running", (string?)(await ann.PostAsync($"/api/bots/{bot}/start", null))["status"]);
    }
}
