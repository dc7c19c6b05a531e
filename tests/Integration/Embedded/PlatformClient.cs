using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MidnightOS.Tests.Integration.Embedded;

/// <summary>What a user does with curl.</summary>
public sealed class PlatformClient : IDisposable
{
    // Asking without a pause would keep the host from what is waited for, and meet the limit of reads.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly HttpClient _http;

    private PlatformClient(Uri address) => _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };

    public const string Password = "journeys end in lovers meeting";

    public string Email { get; } = $"{Guid.NewGuid():n}@example.com";

    public JsonNode Session { get; private set; } = new JsonObject();

    public HttpClient Http => _http;

    public static async Task<PlatformClient> SignUpAsync(Uri address)
    {
        var client = new PlatformClient(address);
        client.Session = await client.PostAsync("/api/auth/register", new { email = client.Email, password = Password, name = "Ann" }, HttpStatusCode.Created);
        client._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", client.Session["token"]!.GetValue<string>());
        return client;
    }

    /// <summary>Takes the session's next access token.</summary>
    public async Task RefreshAsync()
    {
        Session = await PostAsync("/api/auth/refresh", new { refreshToken = (string)Session["refreshToken"]! });
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)Session["token"]!);
    }

    /// <summary>A client of the same session on another address: the host after a restart.</summary>
    public PlatformClient On(Uri address)
    {
        var client = new PlatformClient(address) { Session = Session };
        client._http.DefaultRequestHeaders.Authorization = _http.DefaultRequestHeaders.Authorization;
        return client;
    }

    public async Task<JsonNode> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK) =>
        await ReadAsync(await _http.GetAsync(path), expected);

    public async Task<JsonNode> PostAsync(string path, object? body, HttpStatusCode expected = HttpStatusCode.OK, string? idempotencyKey = null) =>
        await SendAsync(HttpMethod.Post, path, body, expected, ("Idempotency-Key", idempotencyKey));

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body, HttpStatusCode expected, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await ReadAsync(await _http.SendAsync(request), expected);
    }

    /// <summary>Asks until the answer is as wished.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> wished)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var answer = await GetAsync(path);
            if (wished(answer))
            {
                return answer;
            }

            Assert.False(limit.IsCancellationRequested, $"{path} did not come to what was waited for: {answer.ToJsonString()}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Creates a bot and waits until its creation has ended well.</summary>
    /// <returns>The bot's id.</returns>
    public async Task<string> CreateBotAsync(string name = "Bot", object? extra = null)
    {
        var body = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(extra ?? new { })!;
        body["name"] = name;
        body["type"] ??= "general";
        var accepted = await PostAsync("/api/bots", body, HttpStatusCode.Accepted);
        var operation = await UntilAsync($"/api/operations/{accepted["operation"]!["id"]}", static o => (string?)o["status"] != "running");
        Assert.Equal("succeeded", (string?)operation["status"]);
        return (string)accepted["bot"]!["id"]!;
    }

    public async Task<string> AddressOfAsync(string botId) => (string)(await GetAsync($"/api/bots/{botId}/wallet"))["addresses"]!["unshielded"]!;

    /// <summary>Pays a bot from the faucet and waits until its wallet shows it.</summary>
    public async Task FundAsync(string botId, string amount)
    {
        var before = decimal.Parse(await TotalAsync(botId), System.Globalization.CultureInfo.InvariantCulture);
        await PostAsync("/api/devnet/faucet", new { address = await AddressOfAsync(botId), amount });
        var after = before + decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
        await UntilAsync($"/api/bots/{botId}/wallet", wallet => decimal.Parse(Night(wallet, "total"), System.Globalization.CultureInfo.InvariantCulture) == after);
    }

    public async Task<string> TotalAsync(string botId) => Night(await GetAsync($"/api/bots/{botId}/wallet"), "total");

    public async Task<string> AvailableAsync(string botId) => Night(await GetAsync($"/api/bots/{botId}/wallet"), "available");

    /// <summary>Waits for a transaction to end.</summary>
    public Task<JsonNode> EndOfAsync(string transactionId) => UntilAsync(
        $"/api/transactions/{transactionId}", static t => (string?)t["status"] is "confirmed" or "failed" or "expired" or "rejected" or "cancelled");

    public static string Night(JsonNode wallet, string field) =>
        (string)wallet["balances"]!.AsArray().Single(static balance => (string?)balance!["token"] == "NIGHT")![field]!;

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(expected == response.StatusCode, $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri} gave {(int)response.StatusCode}: {text}");
            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        }
    }
}
