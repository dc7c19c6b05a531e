using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Unit.Agents;

namespace MidnightOS.Tests.Integration.Api;

/// <summary>The chat routes over real HTTP and real storage; the wallet stands at the edge.</summary>
public sealed class ChatTests
{
    private const string Bot = "bot_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Path = $"/api/bots/{Bot}/chat";

    private readonly FakeWallet _wallet = new();

    [Fact]
    public async Task Chat_BalanceThenSend_AnswersInTheFormOfTheContract()
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api);

        var answer = await (await api.PostAsync(Path, new { message = $"what's my balance, then send 2 NIGHT to {Records.A}" }, ann.Token)).JsonAsync();

        Assert.StartsWith("cnv_", answer.Text("sessionId"), StringComparison.Ordinal);
        Assert.Contains("12 NIGHT in total", answer.Text("response"), StringComparison.Ordinal);
        Assert.Equal(["balance", "send"], answer.At("toolCalls").EnumerateArray().Select(static call => call.Text("name")));
        var send = answer.At("toolCalls")[1];
        Assert.Equal(("2", "succeeded"), (send.Text("arguments.amount"), send.Text("status")));
        var id = answer.At("transactionIds")[0].GetString()!;
        Assert.Equal(id, send.Text("result.data.transaction.id"));
        Assert.Contains(id, answer.Text("response"), StringComparison.Ordinal);
        Assert.EndsWith("+00:00", answer.Text("timestamp").Replace("Z", "+00:00", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_Alias_GoesOnInTheSameConversation()
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api);
        var first = await (await api.PostAsync(Path, new { message = "send 5 NIGHT" }, ann.Token)).JsonAsync();

        var second = await (await api.PostAsync(
            "/api/chat", new { botId = Bot, message = Records.A, sessionId = first.Text("sessionId") }, ann.Token)).JsonAsync();

        Assert.Contains("`confirm txn_", second.Text("response"), StringComparison.Ordinal);
        var page = await (await api.GetAsync($"/api/chat/{first.Text("sessionId")}", ann.Token)).JsonAsync();
        Assert.Equal(["user", "bot", "user", "tool", "bot"], page.At("data").EnumerateArray().Select(static m => m.Text("sender")));
        var list = await (await api.GetAsync($"/api/bots/{Bot}/conversations", ann.Token)).JsonAsync();
        Assert.Equal(first.Text("sessionId"), Assert.Single(list.At("data").EnumerateArray()).Text("id"));
    }

    [Fact]
    public async Task Chat_AsEventStream_TellsTheSameInPieces()
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api);

        var events = await StreamAsync(await api.PostAsync(Path, new { message = "hello, what's my balance" }, ann.Token, ("Accept", "text/event-stream")));

        Assert.Equal("done", events[^1].Type);
        var done = JsonDocument.Parse(events[^1].Data).RootElement;
        var deltas = events.Where(static e => e.Type == "delta").Select(static e => JsonDocument.Parse(e.Data).RootElement.Text("text"));
        Assert.Equal(done.Text("response"), string.Concat(deltas));
        var call = Assert.Single(events, static e => e.Type == "toolCall");
        Assert.Equal("balance", JsonDocument.Parse(call.Data).RootElement.Text("name"));
        Assert.Equal(JsonDocument.Parse(call.Data).RootElement.GetRawText(), done.At("toolCalls")[0].GetRawText());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task Chat_WithTheSameIdempotencyKey_SpendsOnceAndAnswersAlike(string accept)
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api);
        (string, string)[] headers = [("Idempotency-Key", "k1"), ("Accept", accept)];
        var body = new { message = $"send 2 NIGHT to {Records.A}" };

        var first = await (await api.PostAsync(Path, body, ann.Token, headers)).Content.ReadAsStringAsync();
        var second = await (await api.PostAsync(Path, body, ann.Token, headers)).Content.ReadAsStringAsync();

        Assert.Equal(first, second);
        Assert.Single(_wallet.Asked);
    }

    [Fact]
    public async Task Chat_OtherTenant_FindsNeitherBotNorConversation()
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api);
        var session = (await (await api.PostAsync(Path, new { message = "hi" }, ann.Token)).JsonAsync()).Text("sessionId");
        var bob = await api.RegisterAsync("bob");

        await (await api.PostAsync(Path, new { message = "hi" }, bob.Token)).ExpectErrorAsync(ErrorCodes.NotFound);
        await (await api.PostAsync(Path, new { message = "hi", sessionId = session }, bob.Token)).ExpectErrorAsync(ErrorCodes.NotFound);
        await (await api.PostAsync("/api/chat", new { botId = Bot, message = "hi" }, bob.Token)).ExpectErrorAsync(ErrorCodes.NotFound);
        await (await api.PostAsync(Path, new { message = "hi" }, bob.Token, ("Accept", "text/event-stream"))).ExpectErrorAsync(ErrorCodes.NotFound);
        await (await api.GetAsync($"/api/bots/{Bot}/conversations", bob.Token)).ExpectErrorAsync(ErrorCodes.NotFound);
        await (await api.GetAsync($"/api/chat/{session}", bob.Token)).ExpectErrorAsync(ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Chat_BadRequests_NameTheField()
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api);

        await (await api.PostAsync(Path, new { }, ann.Token)).ExpectErrorAsync(ErrorCodes.InvalidRequest, "message");
        await (await api.PostAsync(Path, new { message = " " }, ann.Token)).ExpectErrorAsync(ErrorCodes.InvalidRequest, "message");
        await (await api.PostAsync(Path, new { message = 7 }, ann.Token)).ExpectErrorAsync(ErrorCodes.InvalidRequest, "message");
        await (await api.PostAsync(Path, new { message = new string('a', 8001) }, ann.Token)).ExpectErrorAsync(ErrorCodes.InvalidRequest, "message");
        await (await api.PostAsync("/api/chat", new { message = "hi" }, ann.Token)).ExpectErrorAsync(ErrorCodes.InvalidRequest, "botId");
        await (await api.PostAsync(Path, new { message = "hi", sessionId = "cnv_x" }, ann.Token)).ExpectErrorAsync(ErrorCodes.NotFound);
        await (await api.GetAsync("/api/chat/a%23b", ann.Token)).ExpectErrorAsync(ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Chat_StoppedBot_IsInvalidState()
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api, BotStatus.Stopped);

        await (await api.PostAsync(Path, new { message = "hi" }, ann.Token)).ExpectErrorAsync(ErrorCodes.InvalidState);
    }

    private Task<ApiFixture> StartAsync() =>
        ApiFixture.StartAsync(new ApiSetup { Services = services => services.Replace(ServiceDescriptor.Singleton<IBotWallet>(_wallet)) });

    private static async Task<Account> WithBotAsync(ApiFixture api, BotStatus status = BotStatus.Running)
    {
        var account = await api.RegisterAsync();
        var bot = new Bot
        {
            Id = Bot,
            CreatedBy = account.UserId,
            Name = "Ada",
            Type = BotType.General,
            Status = status,
            OperationId = "op_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            CreatedAt = api.Clock.GetUtcNow(),
            UpdatedAt = api.Clock.GetUtcNow(),
        };
        var batch = new Batch().Put(Core.Bots.Bot.Key(bot.Id), bot, default, []);
        await api.Services.GetRequiredService<IUnitOfWork>().CommitAsync(new TenantId(account.TenantId), batch, CancellationToken.None);
        return account;
    }

    private static async Task<List<(string Type, string Data)>> StreamAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var events = new List<(string, string)>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            events.Add((item.EventType, item.Data));
        }

        return events;
    }
}
