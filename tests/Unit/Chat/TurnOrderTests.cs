using MidnightOS.Core.Chat;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Tests.Unit.Agents;
using MidnightOS.Tests.Unit.Support;
using static MidnightOS.Tests.Unit.Agents.Records;

namespace MidnightOS.Tests.Unit.Chat;

public sealed class TurnOrderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeWallet _wallet = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_FiftyMessagesAtOnceOverTwoHosts_KeepTurnsWholeAndInOrder()
    {
        var settings = new Dictionary<string, string?> { ["Chat:WaitForTurn"] = "00:01:00", ["Chat:Poll"] = "00:00:00.005" };
        await using var first = await new ChatHost(_folder.Path, _wallet, settings: settings).WithBotAsync();
        await using var second = new ChatHost(_folder.Path, _wallet, settings: settings);
        var session = (await first.SayAsync("hi")).SessionId;

        var answers = await Task.WhenAll(Enumerable.Range(1, 50).Select(n =>
            Task.Run(() => (n % 2 == 0 ? first : second).SayAsync($"send {n} NIGHT to {A}", session))));

        var messages = await second.MessagesAsync(session);
        Assert.Equal(Enumerable.Range(1, 2 + (50 * 3)).Select(static n => (long)n), messages.Select(static m => m.Sequence));
        foreach (var turn in messages.Skip(2).Chunk(3))
        {
            Assert.Equal([MessageSender.User, MessageSender.Tool, MessageSender.Bot], turn.Select(static m => m.Sender));
            Assert.All(turn.Skip(1), message => Assert.Equal(turn[0].Id, message.Metadata!.ReplyTo));
            Assert.Contains($": {turn[0].Content.Split(' ')[1]} NIGHT to", turn[2].Content, StringComparison.Ordinal);
        }

        Assert.Equal(50, answers.SelectMany(static answer => answer.TransactionIds).Distinct().Count());
        Assert.Equal(50, _wallet.Transactions.Count);
    }

    [Fact]
    public async Task Run_TurnThatDoesNotEnd_GivesAConflictWithATimeToWait()
    {
        var model = new GatedModel();
        await using var host = await new ChatHost(_folder.Path, _wallet, model, new() { ["Chat:WaitForTurn"] = "00:00:00" }).WithBotAsync();
        model.Open.SetResult();
        var session = (await host.SayAsync("first")).SessionId;
        model.Open = new TaskCompletionSource();
        var running = host.SayAsync("second", session);
        await model.Entered(2);

        var third = await host.Send.RunAsync(ChatHost.Request("third", session), CancellationToken.None);

        Assert.Equal(ErrorCodes.Conflict, third.Error!.Code);
        Assert.NotNull(third.Error.RetryAfter);
        model.Open.SetResult();
        await running;
        Assert.Equal(4, (await host.MessagesAsync(session)).Count);
    }

    [Fact]
    public async Task Run_HostDiedAfterASend_TheNextMessageClosesTheTurnAndNothingIsPaidTwice()
    {
        const string id = "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV";
        var died = new TaskCompletionSource();
        var clock = new ManualTimeProvider();
        await using var dead = await new ChatHost(_folder.Path, _wallet, clock: clock).WithBotAsync();
        _wallet.AfterSend = () =>
        {
            died.SetResult();
            return Task.Delay(Timeout.Infinite);
        };
        _ = dead.SayAsync($"send 5 NIGHT to {A}", messageId: id);
        await died.Task;
        _wallet.AfterSend = static () => Task.CompletedTask;

        // The lease of the dead host runs out in its own clock's time.
        var later = new ManualTimeProvider(clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        await using var alive = new ChatHost(_folder.Path, _wallet, clock: later);
        var again = await alive.SayAsync($"send 5 NIGHT to {A}", messageId: id);
        var next = await alive.SayAsync("what's my balance", again.SessionId);

        var made = Assert.Single(_wallet.Transactions);
        Assert.Single(_wallet.Asked);
        Assert.StartsWith("I was interrupted", again.Response, StringComparison.Ordinal);
        Assert.Contains($"Transaction {made.Id}: 5 NIGHT to {A}. Status: requested.", again.Response, StringComparison.Ordinal);
        Assert.Equal([made.Id], again.TransactionIds);
        Assert.Contains("12 NIGHT in total", next.Response, StringComparison.Ordinal);
        var messages = await alive.MessagesAsync(again.SessionId);
        Assert.Equal([MessageSender.User, MessageSender.Bot, MessageSender.User, MessageSender.Tool, MessageSender.Bot], messages.Select(static m => m.Sender));
        Assert.True(messages[1].Metadata!.Interrupted);
    }

    [Fact]
    public async Task Run_LeaseTakenByAnotherHost_EndsWithAConflictAndLeavesTheConversationToIt()
    {
        var clock = new ManualTimeProvider();
        var model = new GatedModel();
        await using var slow = await new ChatHost(_folder.Path, _wallet, model, clock: clock).WithBotAsync();
        model.Open.SetResult();
        var session = (await slow.SayAsync("first")).SessionId;
        model.Open = new TaskCompletionSource();
        var running = slow.Send.RunAsync(ChatHost.Request("second", session), CancellationToken.None);
        await model.Entered(2);
        var later = new ManualTimeProvider(clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        await using var quick = new ChatHost(_folder.Path, _wallet, clock: later);

        var third = await quick.SayAsync("what's my balance", session);
        clock.Advance(TimeSpan.FromSeconds(7));
        var second = await running;

        Assert.Equal(ErrorCodes.Conflict, second.Error!.Code);
        Assert.NotEmpty(third.ToolCalls);
        Assert.Equal(
            [MessageSender.User, MessageSender.Bot, MessageSender.User, MessageSender.Bot, MessageSender.User, MessageSender.Tool, MessageSender.Bot],
            (await quick.MessagesAsync(session)).Select(static m => m.Sender));
    }

    [Fact]
    public async Task Run_UserGoesAway_TheTurnIsClosedFromTheRecords()
    {
        await using var host = await new ChatHost(_folder.Path, _wallet).WithBotAsync();
        using var gone = new CancellationTokenSource();
        _wallet.AfterSend = gone.CancelAsync;
        var session = (await host.SayAsync("hi")).SessionId;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Send.RunAsync(ChatHost.Request($"send 5 NIGHT to {A}", session), gone.Token));

        var messages = await host.MessagesAsync(session);
        var made = Assert.Single(_wallet.Transactions);
        Assert.True(messages[^1].Metadata!.Interrupted);
        Assert.Contains($"Transaction {made.Id}", messages[^1].Content, StringComparison.Ordinal);
        _wallet.AfterSend = static () => Task.CompletedTask;
        Assert.NotEmpty((await host.SayAsync("balance", session)).ToolCalls);
    }

    [Fact]
    public async Task Begin_Stream_GivesTheSameAsTheWholeAnswer()
    {
        await using var host = await new ChatHost(_folder.Path, _wallet).WithBotAsync();
        const string text = $"hi, what's my balance, then send 2 NIGHT to {A}, and send 3 NIGHT";
        var whole = await host.SayAsync(text);

        await using var turn = (await host.Send.BeginAsync(ChatHost.Request(text), CancellationToken.None)).Value;
        var events = new List<ChatEvent>();
        await foreach (var step in turn.RunAsync(CancellationToken.None))
        {
            events.Add(step);
        }

        var finished = Assert.IsType<ChatEvent.Finished>(events[^1]).Answer;
        Assert.Equal(finished.Response, string.Concat(events.OfType<ChatEvent.Delta>().Select(static delta => delta.Text)));
        Assert.Equal(finished.ToolCalls, events.OfType<ChatEvent.Tool>().Select(static tool => tool.Call));
        Assert.Equal(Anonymous(whole), Anonymous(finished));
    }

    private static string Anonymous(ChatAnswer answer) =>
        answer.TransactionIds.Aggregate(answer.Response, static (text, id) => text.Replace(id, "txn", StringComparison.Ordinal));
}
