using System.Net;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>A host is killed at every boundary that its work crosses, one process after the other; what was accepted is finished, once.</summary>
[Collection(CrashCollection.Name)]
public sealed class CrashTests(ChainUnderCrashes chain)
{
    [Fact]
    public async Task CreateBot_KilledAtEveryBoundary_MakesOneBotWithOneWallet()
    {
        await using var run = new CrashRun("^bot.create: ", chain.Settings);
        var host = await run.StartAsync();
        using var before = await PlatformClient.SignUpAsync(host.Address);
        var accepted = await before.PostAsync("/api/bots", new { name = "Alice", type = "general" }, HttpStatusCode.Accepted);
        await run.DieUntilEndOfAsync(host, (string)accepted["operation"]!["id"]!);
        AssertDied(run, "bot.create", "bot.save-config", "bot.register-agent", "bot.create-wallet", "bot.activate", "bot.announce");

        var (bot, operationId) = ((string)accepted["bot"]!["id"]!, (string)accepted["operation"]!["id"]!);
        var last = await run.FinishAsync();
        using var ann = before.On(last.Address);
        var operation = await ann.GetAsync($"/api/operations/{operationId}");
        Assert.Equal("succeeded", (string?)operation["status"]);
        Assert.All(operation["stages"]!.AsArray(), static stage => Assert.Equal("succeeded", (string?)stage!["status"]));
        Assert.Equal("running", (string?)(await ann.GetAsync($"/api/bots/{bot}"))["status"]);
        Assert.Equal((string?)operation["result"]!["walletAddress"], await ann.AddressOfAsync(bot));

        // The claim of the address leads here, and the seed is the address's.
        await ann.FundAsync(bot, "2");
        var paid = await ann.PostAsync($"/api/bots/{bot}/wallet/send", new { to = await ann.AddressOfAsync(bot), amount = "1" }, HttpStatusCode.Accepted);
        Assert.Equal("confirmed", (string?)(await ann.EndOfAsync((string)paid["transaction"]!["id"]!))["status"]);
        await last.StopAsync();

        await using var state = new StoredState(run.Data, before.Session);
        await state.AssertSettledAsync(operationId);
        Assert.Equal($"{bot}.{bot}", Assert.Single(state.Seeds));
        Assert.Single(await state.AllAsync("wallet"));
        Assert.Single(await state.AllAsync("agent"));
        Assert.Equal(1, (int)Assert.Single(await state.AllAsync("agentQuota"))["count"]!);
        var events = (await state.EventsAsync(bot)).Select(static told => told.ToJsonString()).ToList();
        Assert.Equal(events.Distinct(StringComparer.Ordinal), events);
    }

    [Fact]
    public async Task Send_KilledAtEveryBoundary_PaysOnce()
    {
        await using var run = new CrashRun("^transaction: ", chain.Settings);
        var host = await run.StartAsync();
        using var before = await PlatformClient.SignUpAsync(host.Address);
        var alice = await before.CreateBotAsync("Alice", new { capabilities = new { limits = new { confirmAbove = "1" } } });
        var bob = await before.CreateBotAsync("Bob");
        await before.FundAsync(alice, "10");
        await before.FundAsync(alice, "5");
        var accepted = await before.PostAsync($"/api/bots/{alice}/wallet/send", new { to = await before.AddressOfAsync(bob), amount = "12.5" }, HttpStatusCode.Accepted);
        var id = (string)accepted["transaction"]!["id"]!;
        await run.DieAtAsync(host, "transaction: transaction.inspect#1 journalled");

        var middle = await run.StartAsync();
        using var confirming = before.On(middle.Address);
        await confirming.PostAsync($"/api/transactions/{id}/confirm", null);
        await run.DieUntilEndOfAsync(middle, id);
        AssertDied(run, "transaction", "transaction.inspect", "transaction.build", "transaction.prove", "transaction.submit", "transaction.check");

        var last = await run.FinishAsync();
        using var ann = before.On(last.Address);
        await AssertPaidAsync(ann, id, (alice, "2.5"), (bob, "12.5"));
        await last.StopAsync();
        await using var state = new StoredState(run.Data, before.Session);
        await state.AssertSettledAsync(id);
        Assert.Equal(
            ["awaitingConfirmation", "requested", "building", "proving", "submitted", "confirmed"],
            (await state.EventsAsync(id)).Select(static told => (string?)told["status"]));
        Assert.Equal("12500000", (string?)Assert.Single(await state.AllAsync("book"), book => (string?)book["botId"] == alice)["spentOnDay"]);
    }

    [Fact]
    public async Task DeleteBot_KilledAtEveryBoundary_SweepsOnceAndRemovesTheBot()
    {
        await using var run = new CrashRun("^bot.delete: ", chain.Settings);
        var host = await run.StartAsync();
        using var before = await PlatformClient.SignUpAsync(host.Address);
        var (alice, bob) = (await before.CreateBotAsync("Alice"), await before.CreateBotAsync("Bob"));
        await before.FundAsync(alice, "7");
        await before.FundAsync(alice, "4");
        var (from, to) = (await before.AddressOfAsync(alice), await before.AddressOfAsync(bob));
        var accepted = await before.SendAsync(HttpMethod.Delete, $"/api/bots/{alice}?sweepTo={to}", null, HttpStatusCode.Accepted);
        var operationId = (string)accepted["operation"]!["id"]!;
        await run.DieUntilEndOfAsync(host, operationId);
        AssertDied(run, "bot.delete", "bot.sweep", "transaction.inspect", "bot.remove");

        var last = await run.FinishAsync();
        using var ann = before.On(last.Address);
        Assert.Equal("succeeded", (string?)(await ann.GetAsync($"/api/operations/{operationId}"))["status"]);
        await ann.GetAsync($"/api/bots/{alice}", HttpStatusCode.NotFound);
        await ann.UntilAsync($"/api/bots/{bob}/wallet", static wallet => PlatformClient.Night(wallet, "available") == "11");
        Assert.Equal(("0", "11000000"), (await chain.BalanceAsync(from), await chain.BalanceAsync(to)));
        await last.StopAsync();

        await using var state = new StoredState(run.Data, before.Session);
        var sweep = Assert.Single(await state.AllAsync("transaction"), transaction => (string?)transaction["botId"] == alice && (string?)transaction["direction"] == "out");
        await state.AssertSettledAsync(operationId, (string)sweep["id"]!);
        Assert.Equal(1, (int)Assert.Single(await state.AllAsync("agentQuota"))["count"]!);
        Assert.Single(await state.AllAsync("deletedBot"));
        Assert.Equal(2, state.Seeds.Count);
        Assert.Single(await state.EventsAsync(alice), static told => (string?)told["status"] == "deleted");
    }

    [Fact]
    public async Task Request_KilledAtEveryCommitAndSentAgainWithItsKey_IsCarriedOutOnce()
    {
        await using var run = new CrashRun("^commit: (answer|idempotency|bot[+]operation[+]outbox|book[+]bot[+]outbox[+]transaction)$", chain.Settings);
        var host = await run.StartAsync();
        using var before = await PlatformClient.SignUpAsync(host.Address);
        var creation = new Request("/api/bots", new { name = "Alice", type = "general" }, "alice");
        foreach (var boundary in new[] { "commit: idempotency", "commit: bot+operation+outbox", "commit: answer" })
        {
            host = await DieAtAsync(run, host, before, creation, boundary);
        }

        using var ann = before.On(host.Address);
        var alice = (string)(await ann.PostAsync(creation.Path, creation.Body, HttpStatusCode.Accepted, creation.Key))["bot"]!["id"]!;
        await ann.UntilAsync($"/api/bots/{alice}", static bot => (string?)bot["status"] == "running");
        var bob = await ann.CreateBotAsync("Bob");
        await ann.FundAsync(alice, "3");
        var spend = new Request($"/api/bots/{alice}/wallet/send", new { to = await ann.AddressOfAsync(bob), amount = "1" }, "rent");
        host = await DieAtAsync(run, host, before, spend, "commit: book+bot+outbox+transaction");

        using var again = before.On(host.Address);
        var accepted = await again.PostAsync(spend.Path, spend.Body, HttpStatusCode.Accepted, spend.Key);
        var id = (string)accepted["transaction"]!["id"]!;
        await AssertPaidAsync(again, id, (alice, "2"), (bob, "1"));
        await host.StopAsync();
        await using var state = new StoredState(run.Data, before.Session);
        await state.AssertSettledAsync(id);
        Assert.Equal(2, (await state.AllAsync("bot")).Count);
        Assert.Equal(2, (int)Assert.Single(await state.AllAsync("agentQuota"))["count"]!);
        Assert.Single(await state.AllAsync("transaction"), transaction => (string?)transaction["botId"] == alice && (string?)transaction["direction"] == "out");
    }

    [Fact]
    public async Task Faucet_KilledBeforeItsAnswerIsKeptAndAskedAgain_PaysOnce()
    {
        await using var run = new CrashRun("^commit: idempotency$", chain.Settings);
        var host = await run.StartAsync();
        using var before = await PlatformClient.SignUpAsync(host.Address);
        var alice = await before.CreateBotAsync("Alice");
        var address = await before.AddressOfAsync(alice);
        var gift = new Request("/api/devnet/faucet", new { address, amount = "3" }, "gift");
        host = await DieAtAsync(run, host, before, gift, "commit: idempotency");

        using var ann = before.On(host.Address);
        var paid = await ann.PostAsync(gift.Path, gift.Body, HttpStatusCode.OK, gift.Key);
        Assert.Equal("3000000", await chain.BalanceAsync(address));
        Assert.Equal((string?)paid["hash"], (string?)(await ann.PostAsync(gift.Path, gift.Body, HttpStatusCode.OK, gift.Key))["hash"]);
    }

    /// <summary>Sends a request to a host that dies over it.</summary>
    /// <returns>A host that was started so much later that the request may be sent again.</returns>
    private static async Task<HostProcess> DieAtAsync(CrashRun run, HostProcess host, PlatformClient session, Request request, string boundary)
    {
        await host.ArmAsync();
        using var client = session.On(host.Address);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(request.Path, request.Body, HttpStatusCode.Accepted, request.Key));
        await host.DiesAsync();
        Assert.Equal(boundary, run.Deaths[^1]);
        return await run.StartLaterAsync();
    }

    private static void AssertDied(CrashRun run, string flow, params string[] steps)
    {
        string[] dispatch = [$"{flow}: start not dispatched", $"{flow}: start dispatched"];
        Assert.Equal(dispatch, run.Deaths.Take(2));
        var missing = steps.SelectMany(static step => new[] { "starting", "returned", "journalled" }, static (step, kind) => (step, kind))
            .Where(boundary => !run.Deaths.Any(death => death.StartsWith($"{flow}: {boundary.step}#", StringComparison.Ordinal) && death.EndsWith(boundary.kind, StringComparison.Ordinal)));
        Assert.Empty(missing);
    }

    /// <summary>The transfer is confirmed, and books and ledger agree to the atom on what each bot holds, with nothing reserved.</summary>
    private async Task AssertPaidAsync(PlatformClient client, string id, params (string Bot, string Holds)[] ends)
    {
        Assert.Equal("confirmed", (string?)(await client.EndOfAsync(id))["status"]);
        foreach (var (bot, holds) in ends)
        {
            var wallet = await client.UntilAsync($"/api/bots/{bot}/wallet", wallet => PlatformClient.Night(wallet, "total") == holds);
            Assert.Equal(holds, PlatformClient.Night(wallet, "available"));
            Assert.Equal(PlatformClient.Night(wallet, "atomic"), await chain.BalanceAsync(await client.AddressOfAsync(bot)));
        }
    }

    private sealed record Request(string Path, object Body, string Key);
}
