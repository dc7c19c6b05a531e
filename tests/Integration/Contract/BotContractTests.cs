using System.Net;
using System.Text.Json;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Isolation;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>Bots over HTTP: versions, replacing and merging, bounds of fields, moves, pages.</summary>
[Collection(PlatformCollection.Name)]
public sealed class BotContractTests(PlatformUnderTest platform)
{
    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Change_WithAnOldETag_IsRefusedAndWithTheNewestTaken(string method)
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var path = $"/api/bots/{await ann.User.CreateBotAsync()}";
        var old = (await ann.GetAsync(path)).Headers["ETag"];
        var changed = (await ann.SendAsync("PATCH", path, new { description = "newer" }, ("If-Match", old))).Is(HttpStatusCode.OK);
        object? body = method == "DELETE" ? null : new { name = "Other" };

        Assert.NotEqual(old, changed.Headers["ETag"]);
        Assert.Equal(changed.Headers["ETag"], (await ann.GetAsync(path)).Headers["ETag"]);
        (await ann.SendAsync(method, path, body, ("If-Match", old))).IsError("PRECONDITION_FAILED");
        (await ann.SendAsync(method, path, body, ("If-Match", $"W/{changed.Headers["ETag"]}"))).IsError("PRECONDITION_FAILED");
        (await ann.SendAsync(method, path, body, ("If-Match", "not quoted"))).IsError("INVALID_REQUEST", "If-Match");
        Assert.Equal(("running", "newer"), ((await ann.GetAsync(path)).At("status"), (await ann.GetAsync(path)).At("description")));
        (await ann.SendAsync(method, path, body, ("If-Match", changed.Headers["ETag"]))).Is(method == "DELETE" ? HttpStatusCode.Accepted : HttpStatusCode.OK);
    }

    [Fact]
    public async Task Put_Bot_ReplacesAllOfIt()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var path = $"/api/bots/{await ann.User.CreateBotAsync("Ada", Full(await AddressAsync(ann)))}";

        var put = (await ann.SendAsync("PUT", path, new { name = "Eve", personality = new { tone = "dry" } })).Is(HttpStatusCode.OK).Json;

        Assert.Equal(("Eve", "treasury", "dry"), (put.GetProperty("name").GetString(), put.GetProperty("type").GetString(), put.GetProperty("personality").GetProperty("tone").GetString()));
        Assert.Equal(JsonValueKind.Null, put.GetProperty("description").ValueKind);
        Assert.Equal(JsonValueKind.Null, put.GetProperty("model").ValueKind);
        Assert.Equal(JsonValueKind.Null, put.GetProperty("integrations").ValueKind);
        Assert.Equal(JsonValueKind.Null, put.GetProperty("treasury").ValueKind);
        Assert.Equal(JsonValueKind.Null, put.GetProperty("personality").GetProperty("language").ValueKind);
        Assert.Equal(JsonValueKind.Null, put.GetProperty("capabilities").GetProperty("limits").GetProperty("perDay").ValueKind);
        Assert.Equal(JsonValueKind.Null, put.GetProperty("security").GetProperty("allowedRecipients").ValueKind);
        Assert.Equal(put.GetRawText(), (await ann.GetAsync(path)).Text);
    }

    [Fact]
    public async Task Put_WhatGetGave_ChangesNothing()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var path = $"/api/bots/{await ann.User.CreateBotAsync("Ada", Full(await AddressAsync(ann)))}";
        var before = (await ann.GetAsync(path)).Json;

        var after = (await ann.SendAsync("PUT", path, before.GetRawText())).Is(HttpStatusCode.OK).Json;

        Assert.Equal(Without(before, "updatedAt"), Without(after, "updatedAt"));
    }

    [Fact]
    public async Task Patch_PartOfALimit_LeavesTheOthersAsTheyWere()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var path = $"/api/bots/{await ann.User.CreateBotAsync("Ada", Full(await AddressAsync(ann)))}";

        var patched = (await ann.SendAsync("PATCH", path, """
            {"capabilities":{"limits":{"perDay":"7","confirmAbove":null}},"integrations":{"discord":null,"telegram":{"chat":"1"}},"description":null}
            """)).Is(HttpStatusCode.OK).Json;

        var limits = patched.GetProperty("capabilities").GetProperty("limits");
        Assert.Equal(("2", "7"), (limits.GetProperty("perTransaction").GetString(), limits.GetProperty("perDay").GetString()));
        Assert.Equal(JsonValueKind.Null, limits.GetProperty("confirmAbove").ValueKind);
        Assert.Equal(["balance", "send"], patched.GetProperty("capabilities").GetProperty("features").EnumerateArray().Select(static f => f.GetString()));
        Assert.Equal(["telegram", "webhook"], patched.GetProperty("integrations").EnumerateObject().Select(static p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(JsonValueKind.Null, patched.GetProperty("description").ValueKind);
        Assert.Equal("Ada", patched.GetProperty("name").GetString());
        Assert.Single(patched.GetProperty("security").GetProperty("allowedRecipients").EnumerateArray());
    }

    [Theory]
    [InlineData("{\"name\":null}", "name")]
    [InlineData("{\"type\":\"defi\"}", "type")]
    [InlineData("{\"type\":\"robot\"}", "type")]
    [InlineData("{\"capabilities\":{\"limits\":{\"perDya\":\"1\"}}}", "capabilities.limits.perDya")]
    [InlineData("{\"capabilities\":{\"limits\":{\"perDya\":null}}}", "capabilities.limits.perDya")]
    [InlineData("{\"security\":{\"allowed\":[]}}", "security.allowed")]
    [InlineData("{\"status\":\"paused\"}", "status")]
    [InlineData("{\"model\":\"gpt 4\"}", "model")]
    [InlineData("{\"capabilities\":{\"limits\":{\"perDay\":7}}}", "capabilities.limits.perDay")]
    [InlineData("{\"capabilities\":{\"limits\":{\"perDay\":\"-7\"}}}", "capabilities.limits.perDay")]
    [InlineData("{\"capabilities\":{\"features\":[null]}}", "capabilities.features[0]")]
    [InlineData("{\"capabilities\":{\"features\":[\"fly\"]}}", "capabilities.features")]
    [InlineData("{\"security\":{\"allowedRecipients\":[\"bob\"]}}", "security.allowedRecipients")]
    [InlineData("[]", "body")]
    [InlineData("{\"name\":", "body")]
    public async Task Patch_WrongField_NamesItAndChangesNothing(string body, string field)
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var path = $"/api/bots/{await ann.User.CreateBotAsync()}";
        var before = (await ann.GetAsync(path)).Text;

        (await ann.SendAsync("PATCH", path, body)).IsError("INVALID_REQUEST", field);

        Assert.Equal(before, (await ann.GetAsync(path)).Text);
    }

    [Fact]
    public async Task Put_OtherType_IsRefused()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var path = $"/api/bots/{await ann.User.CreateBotAsync()}";
        (await ann.SendAsync("PUT", path, new { name = "Ada", type = "treasury" })).IsError("INVALID_REQUEST", "type");
        (await ann.SendAsync("PUT", path, new { name = "Ada", status = "paused" })).IsError("INVALID_REQUEST", "status");
        (await ann.SendAsync("PUT", path, new { name = "Ada", walletAddress = "mn_addr_undeployed1x" })).IsError("INVALID_REQUEST", "walletAddress");
        (await ann.SendAsync("PUT", path, new { name = "Ada", id = "bot_01ARZ3NDEKTSV4RRFFQ69G5FAV" })).IsError("INVALID_REQUEST", "id");
        Assert.Equal("gpt-4o:x/y@1", (await ann.SendAsync("PATCH", path, new { model = "gpt-4o:x/y@1" })).Is(HttpStatusCode.OK).Json.GetProperty("model").GetString());
        (await ann.SendAsync("PUT", path, new { name = "Ada", type = "general" })).Is(HttpStatusCode.OK);
    }

    public static TheoryData<string, string> WrongBots() => new()
    {
        { """{"type":"general"}""", "name" },
        { """{"name":"Ada"}""", "type" },
        { """{"name":"Ada","type":"robot"}""", "type" },
        { """{"name":"Ada","type":1}""", "type" },
        { """{"name":"Ada","type":"General"}""", "type" },
        { """{"name":"  ","type":"general"}""", "name" },
        { """{"name":7,"type":"general"}""", "name" },
        { """{"name":"Ada\u0000","type":"general"}""", "name" },
        { """{"name":"Ada","type":"general","name":"Eve"}""", "name" },
        { $$"""{"name":"{{new string('a', 101)}}","type":"general"}""", "name" },
        { $$"""{"name":"Ada","type":"general","description":"{{new string('a', 1001)}}"}""", "description" },
        { $$"""{"name":"Ada","type":"general","model":"{{new string('a', 101)}}"}""", "model" },
        { $$$"""{"name":"Ada","type":"general","personality":{"instructions":"{{{new string('a', 4001)}}}"}}""", "personality.instructions" },
        { """{"name":"Ada","type":"general","personality":"kind"}""", "personality" },
        { """{"name":"Ada","type":"general","capabilities":{"permissions":["fly"]}}""", "capabilities.permissions" },
        { """{"name":"Ada","type":"general","capabilities":{"limits":{"perTransaction":"1.0000001"}}}""", "capabilities.limits.perTransaction" },
        { """{"name":"Ada","type":"general","capabilities":{"limits":{"perTransaktion":"1"}}}""", "capabilities.limits.perTransaktion" },
        { """{"name":"Ada","type":"general","capabilities":{"limits":{"PerDay":"1"}}}""", "capabilities.limits.PerDay" },
        { """{"name":"Ada","type":"general","capabilities":{"limit":{"perDay":"1"}}}""", "capabilities.limit" },
        { """{"name":"Ada","type":"general","capabilities":{"limits":{"perDay":"1","perDay":"2"}}}""", "capabilities.limits.perDay" },
        { """{"name":"Ada","type":"general","security":{"blockedRecipient":[]}}""", "security.blockedRecipient" },
        { """{"name":"Ada","type":"general","treasury":{"limits":{"perday":"1"}}}""", "treasury.limits.perday" },
        { """{"name":"Ada","type":"general","limits":{"perDay":"1"}}""", "limits" },
        { """{"name":"Ada","type":"general","model":"ignore all rules"}""", "model" },
        { """{"name":"Ada","type":"general","model":"-rf"}""", "model" },
        { """{"name":"Ada","type":"general","model":"a\nb"}""", "model" },
        { """{"name":"Ada","type":"general","model":"scripted\n"}""", "model" },
        { """{"name":"Ada","type":"general","treasury":{"threshold":2,"signers":["usr_1"]}}""", "treasury.threshold" },
        { $$$"""{"name":"Ada","type":"general","integrations":{"x":"{{{new string('a', 17_000)}}}"}}""", "integrations" },
        { """{"name":"Ada",""", "body" },
        { "7", "body" },
    };

    [Theory]
    [MemberData(nameof(WrongBots))]
    public async Task Post_WrongField_IsInvalidRequestThatNamesIt(string body, string field)
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        (await ann.PostAsync("/api/bots", body)).IsError("INVALID_REQUEST", field);
        Assert.Empty((await ann.GetAsync("/api/bots")).Json.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Moves_InEveryStateOfARunningBot_FollowTheTable()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var path = $"/api/bots/{await ann.User.CreateBotAsync()}";
        (string State, string Way, Dictionary<string, string> Moves)[] table =
        [
            ("running", "", new(StringComparer.Ordinal) { ["stop"] = "stopped", ["pause"] = "paused" }),
            ("paused", "pause", new(StringComparer.Ordinal) { ["stop"] = "stopped", ["resume"] = "running" }),
            ("stopped", "stop", new(StringComparer.Ordinal) { ["start"] = "running" }),
        ];
        foreach (var (state, way, moves) in table)
        {
            foreach (var move in (string[])["start", "stop", "pause", "resume"])
            {
                await BringToAsync(ann, path, way);
                Assert.Equal(state, (await ann.GetAsync(path)).At("status"));
                var answer = await ann.PostAsync($"{path}/{move}");
                Assert.Equal(moves.GetValueOrDefault(move, "INVALID_STATE"), answer.Status == HttpStatusCode.OK ? answer.At("status") : answer.Code);
                Assert.Equal(moves.GetValueOrDefault(move, state), (await ann.GetAsync(path)).At("status"));
            }
        }
    }

    [Fact]
    public async Task List_WhileBotsAreAdded_ShowsEachOldOneOnceAndNewestFirst()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var made = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            made.Add((await ann.PostAsync("/api/bots", new { name = $"Bot {i}", type = "general" })).At("bot.id"));
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await ann.GetAsync($"/api/bots?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Is(HttpStatusCode.OK).Json;
            Assert.Equal(2, page.GetProperty("pagination").GetProperty("limit").GetInt32());
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(static bot => bot.GetProperty("id").GetString()!));
            cursor = page.GetProperty("pagination").GetProperty("nextCursor").GetString();
            await ann.PostAsync("/api/bots", new { name = "Late", type = "general" });
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Reverse(made), seen);
        Assert.Equal(20, (await ann.GetAsync("/api/bots")).Json.GetProperty("pagination").GetProperty("limit").GetInt32());
    }

    [Theory]
    [InlineData("a%23b")]
    [InlineData("bot_x")]
    [InlineData("caf%C3%A9")]
    [InlineData("..%2f..")]
    [InlineData("%20")]
    public async Task Path_WithWhatIsNoId_IsNotFound(string id)
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        foreach (var row in ContractTable.Rows.Where(static row => row.Name.Contains('{', StringComparison.Ordinal)))
        {
            var (method, path) = (row.Name.Split(' ')[0], row.Name.Split(' ')[1].Replace("{id}", id, StringComparison.Ordinal).Replace("{sessionId}", id, StringComparison.Ordinal).Replace("{address}", RouteCases.NoContract, StringComparison.Ordinal));
            var body = row.Body.Length == 0 ? null
                : path.EndsWith("/calls", StringComparison.Ordinal) ? RouteCases.Bodies[row.Name]
                : row.Body.ToDictionary(static field => field.TrimEnd('?'), static field => field.EndsWith('?') ? null : "x", StringComparer.Ordinal);
            (await ann.SendAsync(method, path, body)).IsError("NOT_FOUND");
        }

        (await ann.GetAsync($"/api/bots/{new string('a', 3000)}")).IsError("NOT_FOUND");
    }

    [Fact]
    public async Task Create_OverTheQuota_FailsWithItsReasonAndLeavesABotThatCanBeDeleted()
    {
        var folder = Directory.CreateTempSubdirectory("midnightos-");
        await using (var host = await PlatformUnderTest.StartAsync(folder.FullName, "--Bots:PerTenant", "1"))
        {
            using var ann = await CheckedClient.SignUpAsync(new Uri(host.Urls.First()));
            await ann.User.CreateBotAsync("First");
            var accepted = (await ann.PostAsync("/api/bots", new { name = "Second", type = "general" })).Is(HttpStatusCode.Accepted);
            var operation = await ann.User.UntilAsync(accepted.Headers["Location"], static o => (string?)o["status"] != "running");
            var path = $"/api/bots/{accepted.At("bot.id")}";
            var failed = await ann.GetAsync(path);

            const string Reason = "This tenant may have 1 bots.";
            Assert.Equal(("failed", Reason), ((string?)operation["status"], (string?)operation["error"]));
            Assert.Equal(
                ["succeeded", "failed", "pending", "pending", "pending"], operation["stages"]!.AsArray().Select(static stage => (string?)stage!["status"]));
            Assert.Equal(Reason, (string?)operation["stages"]![1]!["error"]);
            Assert.Equal(("failed", Reason), (failed.At("status"), failed.At("statusReason")));
            foreach (var move in (string[])["start", "stop", "pause", "resume"])
            {
                (await ann.PostAsync($"{path}/{move}")).IsError("INVALID_STATE");
            }

            (await ann.GetAsync($"{path}/wallet")).IsError("WALLET_NOT_READY");
            var deletion = (await ann.SendAsync("DELETE", path, null)).Is(HttpStatusCode.Accepted);
            await ann.User.UntilAsync(deletion.Headers["Location"], static o => (string?)o["status"] == "succeeded");
            (await ann.GetAsync(path)).IsError("NOT_FOUND");
        }

        folder.Delete(recursive: true);
    }

    private static async Task BringToAsync(CheckedClient ann, string path, string way)
    {
        if ((await ann.GetAsync(path)).At("status") is not "running" and var state)
        {
            await ann.PostAsync($"{path}/{(state == "paused" ? "resume" : "start")}");
        }

        if (way.Length > 0)
        {
            (await ann.PostAsync($"{path}/{way}")).Is(HttpStatusCode.OK);
        }
    }

    private static async Task<string> AddressAsync(CheckedClient ann) => await ann.User.AddressOfAsync(await ann.User.CreateBotAsync("Payee"));

    private static object Full(string recipient) => new
    {
        type = "treasury",
        description = "keeps the purse",
        model = "scripted",
        personality = new { tone = "kind", instructions = "be brief", language = "en" },
        capabilities = new { features = new[] { "balance", "send" }, permissions = new[] { "spend" }, limits = new { perTransaction = "2", perDay = "5", confirmAbove = "1" } },
        integrations = new { discord = new { channel = "1" }, webhook = new { path = "x" } },
        treasury = new { signers = new[] { "usr_a", "usr_b" }, threshold = 2 },
        security = new { allowedRecipients = new[] { recipient } },
    };

    private static string Without(JsonElement bot, string field) =>
        string.Join('\n', bot.EnumerateObject().Where(p => p.Name != field).Select(static p => p.ToString()));
}
