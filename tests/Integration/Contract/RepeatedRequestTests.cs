using System.Net;
using System.Text.Json;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>Requests sent again with their <c>Idempotency-Key</c>: the first answer comes again and nothing happens twice.</summary>
[Collection(PlatformCollection.Name)]
public sealed class RepeatedRequestTests(PlatformUnderTest platform)
{
    private static readonly (string, string) Key = ("Idempotency-Key", "once-and-only-once");
    private static readonly (string, string) Stream = ("Accept", "text/event-stream");

    [Fact]
    public async Task CreateBot_ManyAtOnceWithOneKey_MakesOneBot()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var body = new { name = "Ada", type = "general" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ann.PostAsync("/api/bots", body, Key)));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Accepted, answers[0].Text, answers[0].Headers["Location"]), (answer.Status, answer.Text, answer.Headers["Location"])));
        Assert.Equal(5, answers.Count(static answer => answer.Headers.GetValueOrDefault("Idempotency-Replayed") == "true"));
        Assert.Single((await ann.GetAsync("/api/bots")).Json.GetProperty("data").EnumerateArray());
        (await ann.PostAsync("/api/bots", new { name = "Eve", type = "general" }, Key)).IsError("IDEMPOTENCY_MISMATCH");
        (await ann.PostAsync("/api/bots", body, ("Idempotency-Key", new string('k', 256)))).IsError("INVALID_REQUEST", "Idempotency-Key");

        // Another user's key of the same name is another key.
        using var bob = await CheckedClient.SignUpAsync(platform.Address);
        Assert.NotEqual(answers[0].At("bot.id"), (await bob.PostAsync("/api/bots", body, Key)).At("bot.id"));
    }

    [Fact]
    public async Task Send_Refused_IsRefusedAgainWithTheSameKeyThoughFundsHaveCome()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var bot = await ann.User.CreateBotAsync();
        var body = new { to = await ann.User.AddressOfAsync(bot), amount = "1" };
        var first = (await ann.PostAsync($"/api/bots/{bot}/wallet/send", body, Key)).IsError("INSUFFICIENT_FUNDS");
        await ann.User.FundAsync(bot, "2");

        Assert.Equal(first.Text, (await ann.PostAsync($"/api/bots/{bot}/wallet/send", body, Key)).Text);
        (await ann.PostAsync($"/api/bots/{bot}/wallet/send?dryRun=true", body, Key)).IsError("IDEMPOTENCY_MISMATCH");
        Assert.Equal("2", await ann.User.AvailableAsync(bot));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_SpendAgainWithTheSameKey_SpendsOnceAndSaysTheSame(bool streamed)
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var bot = await ann.User.CreateBotAsync();
        await ann.User.FundAsync(bot, "5");
        var body = new { botId = bot, message = $"send 1 NIGHT to {await ann.User.AddressOfAsync(bot)}" };
        (string, string)[] headers = streamed ? [Key, Stream] : [Key];

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ann.PostAsync("/api/chat", body, headers)));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, answers[0].MediaType, answers[0].Text), (answer.Status, answer.MediaType, answer.Text)));
        Assert.Equal(streamed ? "text/event-stream" : "application/json", answers[0].MediaType);
        Assert.Equal(1, await CountSpendsAsync(ann, bot));
        (await ann.PostAsync("/api/chat", new { botId = bot, message = "hello" }, headers)).IsError("IDEMPOTENCY_MISMATCH");
        Assert.Single((await ann.GetAsync($"/api/bots/{bot}/conversations")).Json.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Confirm_AgainWithAndWithoutTheKey_ConfirmsOnce()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var bot = await ann.User.CreateBotAsync("Ada", new { capabilities = new { limits = new { confirmAbove = "0" } } });
        await ann.User.FundAsync(bot, "5");
        var sent = await ann.PostAsync($"/api/bots/{bot}/wallet/send", new { to = await ann.User.AddressOfAsync(bot), amount = "1" }, Key);
        var path = $"/api/transactions/{sent.At("transaction.id")}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ann.PostAsync($"{path}/confirm", null, Key)));
        var ended = await ann.User.EndOfAsync(sent.At("transaction.id"));
        var late = await ann.PostAsync($"{path}/confirm");

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, answers[0].Text), (answer.Status, answer.Text)));
        Assert.Equal("confirmed", (string?)ended["status"]);
        Assert.Equal(HttpStatusCode.OK, late.Status);
        Assert.Equal(1, ended["history"]!.AsArray().Count(static moment => (string?)moment!["status"] == "submitted"));
        (await ann.PostAsync($"{path}/cancel")).IsError("INVALID_STATE");
    }

    [Fact]
    public async Task Faucet_AgainWithTheSameKey_MintsOnce()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var bot = await ann.User.CreateBotAsync();
        var body = new { address = await ann.User.AddressOfAsync(bot), amount = "2" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ann.PostAsync("/api/devnet/faucet", body, Key)));
        await ann.User.FundAsync(bot, "1");

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, answers[0].Text), (answer.Status, answer.Text)));
        Assert.Equal("3", await ann.User.TotalAsync(bot));
    }

    [Fact]
    public async Task CreateBot_AgainAfterARestart_GivesTheFirstAnswer()
    {
        var folder = Directory.CreateTempSubdirectory("midnightos-");
        var body = new { name = "Ada", type = "general" };
        JsonElement first;
        PlatformClient user;
        await using (var host = await PlatformUnderTest.StartAsync(folder.FullName))
        {
            user = await PlatformClient.SignUpAsync(new Uri(host.Urls.First()));
            first = JsonSerializer.SerializeToElement(await user.PostAsync("/api/bots", body, HttpStatusCode.Accepted, Key.Item2));

            // A host that is disposed of without a stop goes on in this process and holds its leases.
            await host.StopAsync();
        }

        await using (var host = await PlatformUnderTest.StartAsync(folder.FullName))
        {
            using var again = user.On(new Uri(host.Urls.First()));
            var second = JsonSerializer.SerializeToElement(await again.PostAsync("/api/bots", body, HttpStatusCode.Accepted, Key.Item2));
            Assert.Equal(first.GetRawText(), second.GetRawText());
            await again.UntilAsync($"/api/operations/{first.GetProperty("operation").GetProperty("id")}", static operation => (string?)operation["status"] == "succeeded");
        }

        user.Dispose();
        folder.Delete(recursive: true);
    }

    private static async Task<int> CountSpendsAsync(CheckedClient ann, string bot) =>
        (await ann.GetAsync($"/api/bots/{bot}/transactions")).Json.GetProperty("data").EnumerateArray().Count(static t => t.GetProperty("direction").GetString() == "out");
}
