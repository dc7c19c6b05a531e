namespace MidnightOS.Tests.Integration.Embedded;

/// <summary>Money moved by talking, over HTTP on the real ledger.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ChatJourneyTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Chat_LiteralSend_IsConfirmedOnTheChainAndTheBotSaysWhatTheRecordSays()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "10");

        var answer = await ann.PostAsync($"/api/bots/{alice}/chat", new { message = $"What's my balance, then send 2.5 NIGHT to {await ann.AddressOfAsync(bob)}" });
        var id = (string)answer["transactionIds"]!.AsArray().Single()!;
        var ended = await ann.EndOfAsync(id);
        var told = await ann.PostAsync("/api/chat", new { botId = alice, message = $"status of {id}", sessionId = (string)answer["sessionId"]! });

        Assert.Contains("Balance: 10 NIGHT in total", (string)answer["response"]!, StringComparison.Ordinal);
        Assert.Contains($"Transaction {id}: 2.5 NIGHT", (string)answer["response"]!, StringComparison.Ordinal);
        Assert.Equal("confirmed", (string?)ended["status"]);
        Assert.Contains("Status: confirmed.", (string)told["response"]!, StringComparison.Ordinal);
        Assert.Contains((string)ended["hash"]!, (string)told["response"]!, StringComparison.Ordinal);
        Assert.Equal("7.5", await ann.TotalAsync(alice));
    }

    [Fact]
    public async Task Chat_RecipientInTheNextMessage_MovesNothingUntilTheUserConfirms()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "10");
        var path = $"/api/bots/{alice}/chat";

        var asked = await ann.PostAsync(path, new { message = "please send 4 NIGHT" });
        var session = (string)asked["sessionId"]!;
        var waiting = await ann.PostAsync(path, new { message = await ann.AddressOfAsync(bob), sessionId = session });
        var id = (string)waiting["transactionIds"]!.AsArray().Single()!;
        Assert.Equal("awaitingConfirmation", (string?)(await ann.GetAsync($"/api/transactions/{id}"))["status"]);
        await ann.PostAsync(path, new { message = $"confirm {id}", sessionId = session });

        Assert.Empty(asked["transactionIds"]!.AsArray());
        Assert.Equal("confirmed", (string?)(await ann.EndOfAsync(id))["status"]);
    }

    [Fact]
    public async Task Chat_TransactionOfAnotherBot_IsNotThereForThisOne()
    {
        using var ann = await platform.SignUpAsync();
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "3");
        var to = await ann.AddressOfAsync(bob);
        var asked = await ann.PostAsync($"/api/bots/{alice}/chat", new { message = "send 1 NIGHT" });
        var waiting = await ann.PostAsync($"/api/bots/{alice}/chat", new { message = to, sessionId = (string)asked["sessionId"]! });
        var id = (string)waiting["transactionIds"]!.AsArray().Single()!;

        var refused = await ann.PostAsync($"/api/bots/{bob}/chat", new { message = $"confirm {id}" });

        Assert.Contains("There is no such transaction.", (string)refused["response"]!, StringComparison.Ordinal);
        Assert.Equal("awaitingConfirmation", (string?)(await ann.GetAsync($"/api/transactions/{id}"))["status"]);
    }

    [Fact]
    public async Task Chat_PausedBot_AnswersAndSpendsNothing()
    {
        using var ann = await platform.SignUpAsync();
        var alice = await ann.CreateBotAsync("Alice");
        await ann.FundAsync(alice, "3");
        await ann.PostAsync($"/api/bots/{alice}/pause", null);

        var answer = await ann.PostAsync(
            $"/api/bots/{alice}/chat", new { message = $"balance, then send 1 NIGHT to {await ann.AddressOfAsync(alice)}" });

        Assert.Contains("3 NIGHT in total", (string)answer["response"]!, StringComparison.Ordinal);
        Assert.Contains("No transaction was made.", (string)answer["response"]!, StringComparison.Ordinal);
        Assert.Empty(answer["transactionIds"]!.AsArray());
        Assert.Equal("3", await ann.AvailableAsync(alice));
    }
}
