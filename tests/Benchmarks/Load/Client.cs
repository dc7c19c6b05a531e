using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MidnightOS.Tests.Benchmarks.Load;

/// <summary>A user of the platform.</summary>
internal sealed class Client : IDisposable
{
    public const string Password = "journeys end in lovers meeting";

    private Client(Uri address) => Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };

    public HttpClient Http { get; }

    public string Email { get; } = $"{Guid.NewGuid():n}@example.com";

    public string Token => Http.DefaultRequestHeaders.Authorization!.Parameter!;

    public string Tenant { get; private set; } = "";

    public static async Task<Client> SignUpAsync(Uri address)
    {
        var client = new Client(address);
        var session = await client.PostAsync("/api/auth/register", new { email = client.Email, password = Password, name = "Ann" });
        client.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)session["token"]!);
        client.Tenant = (string)session["tenant"]!["id"]!;
        return client;
    }

    public async Task<JsonNode> GetAsync(string path) => (await Http.GetFromJsonAsync<JsonNode>(path))!;

    public async Task<JsonNode> PostAsync(string path, object body)
    {
        using var answer = await Http.PostAsJsonAsync(path, body);
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<JsonNode>())!
            : throw new HttpRequestException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}", null, answer.StatusCode);
    }

    /// <summary>A running bot.</summary>
    public async Task<string> CreateBotAsync(string name)
    {
        var made = await PostAsync("/api/bots", new { name, type = "general" });
        await UntilAsync($"/api/operations/{made["operation"]!["id"]}", static o => (string?)o["status"] == "succeeded");
        return (string)made["bot"]!["id"]!;
    }

    public async Task<string> AddressOfAsync(string bot) => (string)(await GetAsync($"/api/bots/{bot}/wallet"))["addresses"]!["unshielded"]!;

    public async Task FundAsync(string bot, string amount)
    {
        await PostAsync("/api/devnet/faucet", new { address = await AddressOfAsync(bot), amount });
        await UntilAsync($"/api/bots/{bot}/wallet", static wallet => (string?)wallet["balances"]![0]!["total"] != "0");
    }

    /// <returns>The transfer's id.</returns>
    public async Task<string> SendAsync(string bot, string to, string amount) =>
        (string)(await PostAsync($"/api/bots/{bot}/wallet/send", new { to, amount }))["transaction"]!["id"]!;

    /// <summary>Waits for a transfer's confirmation; any other end is an error.</summary>
    public Task ConfirmedAsync(string transaction) => UntilAsync($"/api/transactions/{transaction}", static transaction => (string?)transaction["status"] switch
    {
        "confirmed" => true,
        "failed" or "expired" or "rejected" or "cancelled" => throw new InvalidOperationException(transaction.ToJsonString()),
        _ => false,
    });

    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> wished)
    {
        while (true)
        {
            var answer = await GetAsync(path);
            if (wished(answer))
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    public void Dispose() => Http.Dispose();
}
