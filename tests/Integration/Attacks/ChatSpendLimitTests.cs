using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Integration.Api;
using MidnightOS.Tests.Unit.Agents;
using MidnightOS.Tests.Unit.Support;
using CountedWallet = MidnightOS.Core.Agents.CountedWallet;
using IBotWallet = MidnightOS.Core.Agents.IBotWallet;
using ISpendRate = MidnightOS.Core.Agents.ISpendRate;

namespace MidnightOS.Tests.Integration.Attacks;

/// <summary>The limit of spends holds for chat too, whatever a message holds, and a user is told so in words.</summary>
public sealed class ChatSpendLimitTests
{
    private const string Bot = "bot_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Path = $"/api/bots/{Bot}/chat";
    private const string NoTransaction = "/api/transactions/txn_01ARZ3NDEKTSV4RRFFQ69G5FAV/cancel";

    private readonly FakeWallet _wallet = new();
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Chat_EleventhSpendInAMinute_IsRefusedInWordsUntilTheMinuteTurns()
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("succeeded", Assert.Single(Calls(await SayAsync(api, ann, Send(i)))).Text("status"));
        }

        var refused = await SayAsync(api, ann, Send(11));
        var call = Assert.Single(Calls(refused));
        Assert.Equal(("failed", "RATE_LIMITED"), (call.Text("status"), call.Text("result.error.code")));
        Assert.Empty(refused.At("transactionIds").EnumerateArray());
        Assert.Contains("10 payments, confirmations and cancellations a minute", refused.Text("response"), StringComparison.Ordinal);
        Assert.Contains("No transaction was made.", refused.Text("response"), StringComparison.Ordinal);
        Assert.Equal(10, _wallet.Asked.Count);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("succeeded", Assert.Single(Calls(await SayAsync(api, ann, Send(12)))).Text("status"));
    }

    [Fact]
    public async Task Chat_ManySpendsInEachMessage_CountsEachOfThem()
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api);
        var calls = new List<JsonElement>();
        for (var i = 0; i < 6; i++)
        {
            calls.AddRange(Calls(await SayAsync(api, ann, $"{Send(1)}, then {Send(2)}, then {Send(3)}")));
        }

        Assert.True(calls.Count > 12, $"{calls.Count} calls");
        Assert.Equal(10, calls.Count(static call => call.Text("status") == "succeeded"));
        Assert.All(calls.Skip(10), static call => Assert.Equal("RATE_LIMITED", call.Text("result.error.code")));
        Assert.Equal(10, _wallet.Asked.Count);
    }

    [Fact]
    public async Task Chat_SpendsConfirmationsAndRequestsTogether_ShareOneCountOnTwoHosts()
    {
        using var folder = new TemporaryFolder();
        await using var one = await StartAsync(folder.Path);
        await using var two = await StartAsync(folder.Path);
        var ann = await WithBotAsync(one);
        await SayAsync(one, ann, Send(1));
        await SayAsync(two, ann, Send(2));
        for (var used = 2; used < 7; used++)
        {
            await (await (used % 2 == 0 ? one : two).PostAsync(NoTransaction, null, ann.Token)).ExpectErrorAsync(ErrorCodes.NotFound);
        }

        // Three are left; eight commands in one message get no more.
        const string Id = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAV";
        var commands = Calls(await SayAsync(two, ann, string.Join(' ', Enumerable.Range(0, 8).Select(static i => $"{(i % 2 == 0 ? "confirm" : "cancel")} {Id}"))));
        Assert.Equal(8, commands.Count);
        Assert.Equal(["NOT_FOUND", "NOT_FOUND", "NOT_FOUND"], commands.Take(3).Select(static call => call.Text("result.error.code")));
        Assert.All(commands.Skip(3), static call => Assert.Equal("RATE_LIMITED", call.Text("result.error.code")));
        await (await one.PostAsync(NoTransaction, null, ann.Token)).ExpectErrorAsync(ErrorCodes.RateLimited);
        Assert.Equal("failed", Assert.Single(Calls(await SayAsync(one, ann, Send(2)))).Text("status"));
    }

    [Fact]
    public async Task Chat_QuestionsOverTheSpendLimit_AreAnswered()
    {
        await using var api = await StartAsync();
        var ann = await WithBotAsync(api);
        for (var i = 0; i < 11; i++)
        {
            await api.PostAsync(NoTransaction, null, ann.Token);
        }

        Assert.Equal("succeeded", Assert.Single(Calls(await SayAsync(api, ann, "what's my balance"))).Text("status"));
    }

    private static string Send(int amount) => $"send {amount.ToString(CultureInfo.InvariantCulture)}.5 NIGHT to {Records.A}";

    private static List<JsonElement> Calls(JsonElement answer) => [.. answer.At("toolCalls").EnumerateArray()];

    private static async Task<JsonElement> SayAsync(ApiFixture api, Account ann, string message)
    {
        var answer = await api.PostAsync(Path, new { message }, ann.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private Task<ApiFixture> StartAsync(string? folder = null) => ApiFixture.StartAsync(new ApiSetup
    {
        Folder = folder,
        Clock = _clock,
        Services = services => services.Replace(ServiceDescriptor.Singleton<IBotWallet>(
            provider => new CountedWallet(_wallet, provider.GetRequiredService<ISpendRate>()))),
    });

    private static async Task<Account> WithBotAsync(ApiFixture api)
    {
        var account = await api.RegisterAsync();
        var bot = new Bot
        {
            Id = Bot,
            CreatedBy = account.UserId,
            Name = "Ada",
            Type = BotType.General,
            Status = BotStatus.Running,
            OperationId = "op_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            CreatedAt = api.Clock.GetUtcNow(),
            UpdatedAt = api.Clock.GetUtcNow(),
        };
        var batch = new Batch().Put(Core.Bots.Bot.Key(bot.Id), bot, default, []);
        await api.Services.GetRequiredService<IUnitOfWork>().CommitAsync(new TenantId(account.TenantId), batch, CancellationToken.None);
        return account;
    }
}
