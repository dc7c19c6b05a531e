using System.Net;
using System.Text.Json;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>Real answers of every operation, held against the document by <see cref="CheckedClient"/>.</summary>
[Collection(PlatformCollection.Name)]
public sealed class AnswerTests(PlatformUnderTest platform)
{
    private const string NewPassword = "parting is such sweet sorrow";

    [Fact]
    public async Task EveryOperation_UsedOnce_AnswersAsTheDocumentSays()
    {
        using var ann = await CheckedClient.SignUpAsync(platform.Address);
        var (alice, bob) = (await CreateAsync(ann, "Alice"), await CreateAsync(ann, "Bob"));
        var to = await ann.User.AddressOfAsync(bob);
        await ann.User.FundAsync(alice, "10");

        await UseBotAsync(ann, alice);
        await UseMoneyAsync(ann, alice, to);
        await UseChatAsync(ann, alice, to);
        await UseTheRestAsync(ann, alice, to);
        await UseKeysAsync(ann);
        await UseAccountAsync(ann);

        // The stream of events does not end by itself, a contract call needs a circuit: they have tests of their own. A registration is not made by a user.
        string[] elsewhere = ["GET /api/events", "POST /api/bots/{id}/contracts/{address}/calls"];
        Assert.Equal(
            ContractTable.Rows.Select(static row => row.Name).Except(elsewhere, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ann.Succeeded.Order(StringComparer.Ordinal));
    }

    private static async Task<string> CreateAsync(CheckedClient ann, string name)
    {
        var accepted = (await ann.PostAsync("/api/bots", new { name, type = "general" })).Is(HttpStatusCode.Accepted);
        Assert.Equal($"/api/operations/{accepted.At("operation.id")}", accepted.Headers["Location"]);
        Assert.Equal(("provisioning", "running"), (accepted.At("bot.status"), accepted.At("operation.status")));
        await ann.User.UntilAsync(accepted.Headers["Location"], static operation => (string?)operation["status"] != "running");
        var ended = (await ann.GetAsync(accepted.Headers["Location"])).Is(HttpStatusCode.OK);
        Assert.Equal(("succeeded", "bot.create"), (ended.At("status"), ended.At("type")));
        return accepted.At("bot.id");
    }

    private static async Task UseBotAsync(CheckedClient ann, string bot)
    {
        (await ann.GetAsync("/api/bots?limit=1")).Is(HttpStatusCode.OK);
        (await ann.GetAsync($"/api/bots/{bot}")).Is(HttpStatusCode.OK);
        (await ann.SendAsync("PUT", $"/api/bots/{bot}", new { name = "Alice II", capabilities = new { limits = new { confirmAbove = "5" } } })).Is(HttpStatusCode.OK);
        (await ann.SendAsync("PATCH", $"/api/bots/{bot}", new { personality = new { tone = "dry" } })).Is(HttpStatusCode.OK);
        foreach (var move in (string[])["pause", "resume", "stop", "start"])
        {
            (await ann.PostAsync($"/api/bots/{bot}/{move}")).Is(HttpStatusCode.OK);
        }
    }

    private static async Task UseMoneyAsync(CheckedClient ann, string bot, string to)
    {
        (await ann.GetAsync($"/api/bots/{bot}/wallet")).Is(HttpStatusCode.OK);
        (await ann.PostAsync($"/api/bots/{bot}/wallet/send?dryRun=true", new { to, amount = "1" })).Is(HttpStatusCode.OK);
        var sent = (await ann.PostAsync($"/api/bots/{bot}/wallet/send", new { to, amount = "0.25", note = "tea" })).Is(HttpStatusCode.Accepted);
        Assert.Equal($"/api/transactions/{sent.At("transaction.id")}", sent.Headers["Location"]);
        Assert.Equal(("0.25", "250000", "NIGHT"), (sent.At("transaction.amount"), sent.At("transaction.atomic"), sent.At("transaction.token")));
        await ann.User.EndOfAsync(sent.At("transaction.id"));
        var ended = (await ann.GetAsync(sent.Headers["Location"])).Is(HttpStatusCode.OK);
        Assert.Equal(("confirmed", "out", "0"), (ended.At("status"), ended.At("direction"), ended.At("fee")));
        Assert.NotEmpty(ended.Json.GetProperty("identifiers").EnumerateArray());

        var (first, second) = (await WaitingAsync(), await WaitingAsync());
        (await ann.PostAsync($"/api/transactions/{first}/confirm")).Is(HttpStatusCode.OK);
        Assert.Equal("cancelled", (await ann.PostAsync($"/api/transactions/{second}/cancel")).Is(HttpStatusCode.OK).At("status"));
        await ann.User.EndOfAsync(first);
        (await ann.GetAsync($"/api/bots/{bot}/transactions")).Is(HttpStatusCode.OK);
        (await ann.PostAsync($"/api/bots/{bot}/wallet/export", new { password = PlatformClient.Password })).Is(HttpStatusCode.OK);
        (await ann.PostAsync("/api/devnet/faucet", new { address = to, amount = "0.000001" })).Is(HttpStatusCode.OK);

        async Task<string> WaitingAsync()
        {
            await ann.SendAsync("PATCH", $"/api/bots/{bot}", new { capabilities = new { limits = new { confirmAbove = "0" } } });
            var waiting = (await ann.PostAsync($"/api/bots/{bot}/wallet/send", new { to, amount = "1" })).Is(HttpStatusCode.Accepted);
            Assert.Equal("awaitingConfirmation", waiting.At("transaction.status"));
            return waiting.At("transaction.id");
        }
    }

    private static async Task UseChatAsync(CheckedClient ann, string bot, string to)
    {
        await ann.SendAsync("PATCH", $"/api/bots/{bot}", new { capabilities = new { limits = new { confirmAbove = (string?)null } } });
        var answer = (await ann.PostAsync($"/api/bots/{bot}/chat", new { message = $"balance, then send 0.5 NIGHT to {to}" })).Is(HttpStatusCode.OK);
        var sessionId = answer.At("sessionId");
        await ann.User.EndOfAsync(answer.Json.GetProperty("transactionIds")[0].GetString()!);
        (await ann.PostAsync("/api/chat", new { botId = bot, message = "show my transactions and my address", sessionId })).Is(HttpStatusCode.OK);
        (await ann.PostAsync("/api/chat", new { botId = bot, message = "hello", sessionId }, ("Accept", "text/event-stream"))).Is(HttpStatusCode.OK);
        (await ann.GetAsync($"/api/bots/{bot}/conversations")).Is(HttpStatusCode.OK);
        (await ann.GetAsync($"/api/chat/{sessionId}?limit=100")).Is(HttpStatusCode.OK);
    }

    private static async Task UseTheRestAsync(CheckedClient ann, string bot, string to)
    {
        (await ann.SendAsync("DELETE", $"/api/bots/{bot}?sweepTo={to}", null)).Is(HttpStatusCode.Accepted);
        (await ann.GetAsync("/api/activities?limit=100")).Is(HttpStatusCode.OK);
        (await ann.GetAsync("/.well-known/jwks.json")).Is(HttpStatusCode.OK);
        (await ann.GetAsync("/health")).Is(HttpStatusCode.OK);
        var ready = (await ann.GetAsync("/health/ready")).Is(HttpStatusCode.OK);
        Assert.Equal(
            ["indexer", "ledger", "node", "storage", "vault"],
            ready.Json.GetProperty("dependencies").EnumerateArray().Select(static d => d.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
    }

    private static async Task UseKeysAsync(CheckedClient ann)
    {
        var made = (await ann.PostAsync("/api/keys", new { name = "prover" })).Is(HttpStatusCode.Created);
        Assert.Equal("proofs", made.Json.GetProperty("scopes")[0].GetString());
        var listed = (await ann.GetAsync("/api/keys")).Is(HttpStatusCode.OK);
        Assert.Equal(made.At("id"), listed.Json.GetProperty("data")[0].GetProperty("id").GetString());
        (await ann.SendAsync("DELETE", $"/api/keys/{made.At("id")}", null)).Is(HttpStatusCode.NoContent);
    }

    private static async Task UseAccountAsync(CheckedClient ann)
    {
        var email = ann.User.Email;
        var me = (await ann.GetAsync("/api/auth/me")).Is(HttpStatusCode.OK);
        Assert.StartsWith("usr_", me.At("user.id"), StringComparison.Ordinal);
        Assert.StartsWith("ten_", me.At("tenant.id"), StringComparison.Ordinal);
        (await ann.PostAsync("/api/auth/register", new { email = "x" + email, password = NewPassword, name = "Xan" })).Is(HttpStatusCode.Created);
        (await ann.PostAsync("/api/auth/password", new { currentPassword = PlatformClient.Password, newPassword = NewPassword })).Is(HttpStatusCode.NoContent);
        var session = (await ann.PostAsync("/api/auth/login", new { email, password = NewPassword })).Is(HttpStatusCode.OK);
        Assert.Equal(900, session.Json.GetProperty("expiresIn").GetInt32());
        var fresh = (await ann.PostAsync("/api/auth/refresh", new { refreshToken = session.At("refreshToken") })).Is(HttpStatusCode.OK);
        ann.SignInAs(fresh.At("token"));
        (await ann.PostAsync("/api/auth/logout")).Is(HttpStatusCode.NoContent);
        (await ann.GetAsync("/api/auth/me")).IsError("UNAUTHORIZED");
    }
}
