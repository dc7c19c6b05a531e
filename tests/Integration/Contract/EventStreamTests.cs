using System.Net;
using System.Text.Json;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>The stream of events of a platform at work.</summary>
[Collection(PlatformCollection.Name)]
public sealed class EventStreamTests(PlatformUnderTest platform)
{
    private static readonly string Beginning = "evt_" + new string('0', 20);

    [Fact]
    public async Task Events_ReadByAClientThatReconnectsAllTheTime_AreTheListWithoutLossOrRepetition()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var work = Task.WhenAll(Enumerable.Range(0, 6).Select(i => WorkAsync(ann, i)));
        var seen = new List<string>();
        var last = Beginning;
        var expected = new List<string>();
        for (var round = 0; !work.IsCompleted || seen.Count < expected.Count; round++)
        {
            using var stream = await EventLines.OpenAsync(ann.User.Http, last);
            Assert.Equal(last, (await stream.NextAsync())!.Id);
            for (var i = 0; i <= round % 5 && !(work.IsCompleted && seen.Count >= expected.Count && expected.Count > 0); i++)
            {
                last = (await stream.NextAsync())!.Id!;
                seen.Add(last);
            }

            if (work.IsCompleted && expected.Count == 0)
            {
                await work;
                expected = await ListAsync(ann);
            }
        }

        Assert.True(expected.Count > 60, $"{expected.Count} events are no load.");
        Assert.Equal(expected, seen);
        Assert.Equal(expected.Order(StringComparer.Ordinal), expected);
    }

    [Fact]
    public async Task Events_OfANewReader_BeginWithWhatHappensNext()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var bot = await ann.User.CreateBotAsync();
        var newest = await QuietAsync(ann);

        using var stream = await EventLines.OpenAsync(ann.User.Http, lastEventId: null);
        await ann.PostAsync($"/api/bots/{bot}/pause");

        Assert.Equal(new WireEvent(newest, null, null), await stream.NextAsync());
        var first = (await stream.NextAsync())!;
        Assert.Equal(("bot_status", "paused"), (first.Type, first.Content.GetProperty("status").GetString()));
        Assert.True(string.CompareOrdinal(first.Id, newest) > 0);
    }

    [Fact]
    public async Task Events_OfARealRun_TellAUiWhatItNeeds()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var (alice, bob) = (await ann.User.CreateBotAsync("Alice"), await ann.User.CreateBotAsync("Bob"));
        await ann.User.FundAsync(alice, "3");
        var chat = await ann.PostAsync($"/api/bots/{alice}/chat", new { message = $"send 1 NIGHT to {await ann.User.AddressOfAsync(bob)}" });
        var id = chat.Json.GetProperty("transactionIds")[0].GetString()!;
        await ann.User.EndOfAsync(id);
        var events = await ReadToAsync(ann, await QuietAsync(ann));

        Assert.All(events, static told =>
        {
            Assert.Equal(["at", "data", "id", "subject", "type"], told.Json.EnumerateObject().Select(static p => p.Name).Order(StringComparer.Ordinal));
            Assert.Equal((told.Id, told.Type), (told.Json.GetProperty("id").GetString(), told.Json.GetProperty("type").GetString()));
            Assert.Equal([], ValueRules.Breaches(told.Json));
        });
        var ofAlice = events.Where(told => told.Type == "bot_status" && told.Content.GetProperty("botId").GetString() == alice).ToList();
        Assert.Equal(["provisioning", "running"], ofAlice.Where(static e => e.Content.TryGetProperty("status", out _)).Select(static e => e.Content.GetProperty("status").GetString()).Distinct());
        var progress = ofAlice.Where(static e => e.Content.TryGetProperty("operation", out _)).Select(static e => e.Content.GetProperty("operation")).ToList();
        Assert.Equal(
            ["saveConfig", "registerAgent", "createWallet", "activate", "announce"],
            progress.Where(static o => o.GetProperty("stageStatus").GetString() == "running").Select(static o => o.GetProperty("stage").GetString()));
        Assert.Equal("succeeded", progress[^1].GetProperty("status").GetString());
        Assert.All(ofAlice, told => Assert.Equal(alice, told.Json.GetProperty("subject").GetString()));

        var ofTransfer = events.Where(told => told.Type == "transaction" && told.Json.GetProperty("subject").GetString() == id).Select(static e => e.Content).ToList();
        Assert.Equal(["requested", "building", "proving", "submitted", "confirmed"], ofTransfer.Select(static t => t.GetProperty("status").GetString()).Distinct());
        var record = (await ann.GetAsync($"/api/transactions/{id}")).Json;
        Assert.All(ofTransfer[^1].EnumerateObject(), field => Assert.Equal(record.GetProperty(field.Name).GetRawText(), field.Value.GetRawText()));
        Assert.Contains(events, told => told.Type == "transaction" && told.Content.GetProperty("direction").GetString() == "in" && told.Content.GetProperty("botId").GetString() == bob);
        var spoken = events.Single(static told => told.Type == "activity" && told.Content.GetProperty("kind").GetString() == "chat").Content;
        Assert.Equal((alice, chat.At("sessionId"), id), (spoken.GetProperty("botId").GetString(), spoken.GetProperty("sessionId").GetString(), spoken.GetProperty("transactionIds")[0].GetString()));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("evt_7")]
    [InlineData("evt_0000000000000000000x")]
    [InlineData("evt_000000000000000000001")]
    [InlineData("bot_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    public async Task Events_AfterWhatIsNoEvent_AreInvalidRequest(string lastEventId)
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        (await ann.SendAsync("GET", "/api/events", null, ("Last-Event-ID", lastEventId))).IsError("INVALID_REQUEST", "Last-Event-ID");
    }

    private static async Task WorkAsync(CheckedClient ann, int worker)
    {
        var bot = await ann.User.CreateBotAsync($"Worker {worker}");
        foreach (var move in (string[])["pause", "resume", "stop", "start"])
        {
            await ann.PostAsync($"/api/bots/{bot}/{move}");
            await ann.PostAsync($"/api/bots/{bot}/wallet/export", new { password = PlatformClient.Password });
        }
    }

    /// <summary>All ids of the list, oldest first, when nothing is on its way any more.</summary>
    private static async Task<List<string>> ListAsync(CheckedClient ann)
    {
        await QuietAsync(ann);
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await ann.GetAsync($"/api/activities?limit=100{(cursor is null ? "" : $"&cursor={cursor}")}")).Is(HttpStatusCode.OK).Json;
            ids.AddRange(page.GetProperty("data").EnumerateArray().Select(static e => e.GetProperty("id").GetString()!));
            cursor = page.GetProperty("pagination").GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        ids.Reverse();
        return ids;
    }

    /// <summary>Writes one more audited thing and waits for its event: all before it are in the stream then.</summary>
    /// <returns>The newest event's id.</returns>
    private static async Task<string> QuietAsync(CheckedClient ann)
    {
        var bot = (await ann.GetAsync("/api/bots?limit=1")).Json.GetProperty("data")[0].GetProperty("id").GetString()!;
        var description = Guid.NewGuid().ToString("n");
        await ann.SendAsync("PATCH", $"/api/bots/{bot}", new { name = description });
        var list = await ann.User.UntilAsync("/api/activities?limit=1", list => (string?)list["data"]?.AsArray().FirstOrDefault()?["data"]?["name"] == description);
        return (string)list["data"]![0]!["id"]!;
    }

    private static async Task<List<WireEvent>> ReadToAsync(CheckedClient ann, string last)
    {
        using var stream = await EventLines.OpenAsync(ann.User.Http, Beginning);
        var events = new List<WireEvent>();
        Assert.Null((await stream.NextAsync())!.Data);
        while (events.Count == 0 || events[^1].Id != last)
        {
            events.Add((await stream.NextAsync())!);
        }

        return events;
    }
}
