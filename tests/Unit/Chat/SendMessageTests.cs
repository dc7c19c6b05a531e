using MidnightOS.Core.Bots;
using MidnightOS.Core.Chat;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Tests.Unit.Agents;
using MidnightOS.Tests.Unit.Support;
using static MidnightOS.Tests.Unit.Agents.Records;

namespace MidnightOS.Tests.Unit.Chat;

public sealed class SendMessageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeWallet _wallet = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_BalanceThenSend_DoesBothInOrderAndStoresTheConversation()
    {
        await using var host = await StartAsync();

        var answer = await host.SayAsync($"What's my balance, then send 2 NIGHT to {A}");

        var made = Assert.Single(_wallet.Transactions);
        Assert.Equal(TransactionStatus.Requested, made.Status);
        Assert.Equal(["balance", "send"], answer.ToolCalls.Select(static call => call.Name));
        Assert.Equal([made.Id], answer.TransactionIds);
        Assert.Equal(
            "Balance: 12 NIGHT in total, 10 NIGHT available, 2 NIGHT reserved.\n\n" + $"Transaction {made.Id}: 2 NIGHT to {A}. Status: requested.", answer.Response);
        var messages = await host.MessagesAsync(answer.SessionId);
        Assert.Equal([MessageSender.User, MessageSender.Tool, MessageSender.Tool, MessageSender.Bot], messages.Select(static m => m.Sender));
        Assert.Equal([1, 2, 3, 4], messages.Select(static m => m.Sequence));
        Assert.Equal(answer.Response, messages[3].Content);
    }

    [Fact]
    public async Task Run_AddressGivenInTheNextMessage_CompletesThePaymentAndWaitsForConfirmation()
    {
        await using var host = await StartAsync();

        var asked = await host.SayAsync("send 5 NIGHT");
        var completed = await host.SayAsync(A, asked.SessionId);
        var waiting = Assert.Single(_wallet.Transactions);
        var confirmed = await host.SayAsync($"confirm {waiting.Id}", asked.SessionId);

        Assert.Contains("To which address", asked.Response, StringComparison.Ordinal);
        Assert.Empty(asked.ToolCalls);
        Assert.Equal(TransactionStatus.AwaitingConfirmation, waiting.Status);
        Assert.Contains($"`confirm {waiting.Id}`", completed.Response, StringComparison.Ordinal);
        Assert.Contains("Status: requested.", confirmed.Response, StringComparison.Ordinal);
        Assert.Equal("confirm", Assert.Single(confirmed.ToolCalls).Name);
        Assert.Equal([waiting.Id], confirmed.TransactionIds);
        Assert.Equal(TransactionStatus.Requested, Assert.Single(_wallet.Transactions).Status);
    }

    [Fact]
    public async Task Run_CommandForUnknownTransaction_SaysSo()
    {
        await using var host = await StartAsync();

        var answer = await host.SayAsync($"confirm {Txn}");

        Assert.Contains("There is no such transaction.", answer.Response, StringComparison.Ordinal);
        Assert.Equal("failed", Assert.Single(answer.ToolCalls).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n")]
    public async Task Run_EmptyMessage_IsInvalid(string text) => Assert.Equal(ErrorCodes.InvalidRequest, (await ErrorOfAsync(text)).Code);

    [Fact]
    public async Task Run_TooLongMessage_IsInvalid()
    {
        Assert.Equal("message", Assert.Single((await ErrorOfAsync(new string('a', 8001))).Details!).Key);
        await using var host = await StartAsync();
        await host.SayAsync(new string('a', 8000));
    }

    [Theory]
    [InlineData(BotStatus.Stopped)]
    [InlineData(BotStatus.Provisioning)]
    [InlineData(BotStatus.Failed)]
    [InlineData(BotStatus.Deleting)]
    public async Task Run_BotThatDoesNotRun_IsInvalidState(BotStatus status)
    {
        await using var host = await StartAsync(status);

        Assert.Equal(ErrorCodes.InvalidState, (await host.Send.RunAsync(ChatHost.Request("hi"), CancellationToken.None)).Error!.Code);
    }

    [Fact]
    public async Task Run_PausedBot_AnswersQuestionsAndTellsThatItSpendsNothing()
    {
        _wallet.Refusal = new Error(ErrorCodes.InvalidState, "The bot is paused.");
        await using var host = await StartAsync(BotStatus.Paused);

        var answer = await host.SayAsync($"balance, then send 5 NIGHT to {A}");

        Assert.Contains("12 NIGHT in total", answer.Response, StringComparison.Ordinal);
        Assert.Contains("The bot is paused. (INVALID_STATE) No transaction was made.", answer.Response, StringComparison.Ordinal);
        Assert.Empty(answer.TransactionIds);
    }

    [Fact]
    public async Task Run_ConversationOfSomebodyElse_IsNotThere()
    {
        await using var host = await StartAsync();
        var session = (await host.SayAsync("hi")).SessionId;
        var otherUser = ChatHost.Request("hi", session) with { UserId = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAX" };
        var otherTenant = ChatHost.Request("hi", session) with { Tenant = new TenantId("ten_01ARZ3NDEKTSV4RRFFQ69G5FAX") };
        string[] nowhere = ["cnv_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x", "../#?", ""];

        Assert.Equal(ErrorCodes.NotFound, (await host.Send.RunAsync(otherUser, CancellationToken.None)).Error!.Code);
        Assert.Equal(ErrorCodes.NotFound, (await host.Send.RunAsync(otherTenant, CancellationToken.None)).Error!.Code);
        Assert.Equal(ErrorCodes.NotFound, (await host.Read.GetAsync(Tenant, otherUser.UserId, session, 10, null, CancellationToken.None)).Error!.Code);
        Assert.Equal(ErrorCodes.NotFound, (await host.Read.GetAsync(otherTenant.Tenant, User, session, 10, null, CancellationToken.None)).Error!.Code);
        foreach (var id in nowhere)
        {
            Assert.Equal(ErrorCodes.NotFound, (await host.Send.RunAsync(ChatHost.Request("hi", id), CancellationToken.None)).Error!.Code);
        }

        Assert.Equal(2, (await host.MessagesAsync(session)).Count);
    }

    [Fact]
    public async Task Run_UnknownBot_IsNotThere()
    {
        await using var host = await StartAsync();

        foreach (var id in new[] { "bot_01ARZ3NDEKTSV4RRFFQ69G5FAX", "a/b", "" })
        {
            Assert.Equal(ErrorCodes.NotFound, (await host.Send.RunAsync(ChatHost.Request("hi") with { BotId = id }, CancellationToken.None)).Error!.Code);
        }
    }

    [Fact]
    public async Task Run_SameMessageIdAgain_GivesTheFirstAnswerAndSpendsOnce()
    {
        await using var host = await StartAsync();
        const string id = "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV";

        var first = await host.SayAsync($"send 5 NIGHT to {A}", messageId: id);
        var second = await host.SayAsync($"send 5 NIGHT to {A}", messageId: id);

        Assert.Equal(first.Response, second.Response);
        Assert.Equal(first.SessionId, second.SessionId);
        Assert.Equal(first.TransactionIds, second.TransactionIds);
        Assert.Equal(first.Timestamp, second.Timestamp);
        Assert.Single(second.ToolCalls);
        Assert.Single(_wallet.Asked);
    }

    [Fact]
    public async Task List_Conversations_NewestFirstAndOnlyTheUsersOwn()
    {
        await using var host = await StartAsync();
        var first = (await host.SayAsync("hi")).SessionId;
        var second = (await host.SayAsync("what's my balance?\nplease")).SessionId;

        var mine = (await host.Read.ListAsync(Tenant, User, BotId, 10, null, CancellationToken.None)).Value.Conversations;
        var others = (await host.Read.ListAsync(Tenant, "usr_x", BotId, 10, null, CancellationToken.None)).Value.Conversations;

        Assert.Equal([second, first], mine.Select(static c => c.Id));
        Assert.Equal("what's my balance? please", mine[0].Title);
        Assert.Empty(others);
        Assert.Equal(ErrorCodes.NotFound, (await host.Read.ListAsync(Tenant, User, "bot_x", 10, null, CancellationToken.None)).Error!.Code);
    }

    [Fact]
    public async Task Run_Answer_PublishesAnActivityWithoutTheWords()
    {
        await using var host = await StartAsync();

        var answer = await host.SayAsync("what's my balance, dear friend");

        var records = await host.Get<IDocumentStore>().QueryAsync(Tenant, new DocumentQuery("outbox"), CancellationToken.None);
        var told = Assert.Single(records.Documents.Select(static d => d.As<OutboxRecord>().Value.Event).OfType<OutboxEvent>());
        Assert.Equal(("activity", answer.SessionId), (told.Type, told.Subject));
        Assert.DoesNotContain("friend", told.DataJson, StringComparison.Ordinal);
    }

    private async Task<ChatHost> StartAsync(BotStatus status = BotStatus.Running) => await new ChatHost(_folder.Path, _wallet).WithBotAsync(status);

    private async Task<Error> ErrorOfAsync(string text)
    {
        await using var host = await StartAsync();
        return (await host.Send.RunAsync(ChatHost.Request(text), CancellationToken.None)).Error!;
    }
}
