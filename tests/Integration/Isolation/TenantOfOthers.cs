using System.Net;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Isolation;

/// <summary>What one tenant has, for another to reach for: a bot with money, an operation, a transfer that waits, a conversation.</summary>
internal sealed class TenantOfOthers : IDisposable
{
    private TenantOfOthers(PlatformClient client) => Client = client;

    public PlatformClient Client { get; }

    public string Bot { get; private set; } = "";

    public string Operation { get; private set; } = "";

    public string Transaction { get; private set; } = "";

    public string Conversation { get; private set; } = "";

    public string Key { get; private set; } = "";

    public string Address { get; private set; } = "";

    /// <summary>A word that stands in the bot's name, the messages and the notes of this tenant and nowhere else.</summary>
    public string Mark { get; } = $"mark{Guid.NewGuid():n}";

    public IEnumerable<string> Traces => [Mark, Bot, Operation, Transaction, Conversation, Key, Address, Client.Email];

    public static async Task<TenantOfOthers> SignUpAsync(PlatformUnderTest platform)
    {
        var tenant = new TenantOfOthers(await platform.SignUpAsync());
        await tenant.FillAsync();
        return tenant;
    }

    /// <summary>The id of this tenant's that a route asks for.</summary>
    public string IdFor(string route) =>
        route.StartsWith("/api/bots/", StringComparison.Ordinal) ? Bot
        : route.StartsWith("/api/operations/", StringComparison.Ordinal) ? Operation
        : route.StartsWith("/api/transactions/", StringComparison.Ordinal) ? Transaction
        : route.StartsWith("/api/chat/", StringComparison.Ordinal) ? Conversation
        : route.StartsWith("/api/keys/", StringComparison.Ordinal) ? Key
        : throw new InvalidOperationException($"Nobody said what the id in {route} is.");

    /// <summary>All that others must not be able to change.</summary>
    public async Task<string> StateAsync()
    {
        string[] paths =
        [
            $"/api/bots/{Bot}", $"/api/operations/{Operation}", $"/api/transactions/{Transaction}", $"/api/chat/{Conversation}",
            $"/api/bots/{Bot}/conversations", $"/api/bots/{Bot}/transactions", "/api/bots", "/api/keys", "/api/activities?limit=100",
        ];
        var parts = new List<string>();
        foreach (var path in paths)
        {
            parts.Add((await Client.GetAsync(path)).ToJsonString());
        }

        parts.Add((await Client.GetAsync($"/api/bots/{Bot}/wallet"))["balances"]!.ToJsonString());
        return string.Join('\n', parts);
    }

    public void Dispose() => Client.Dispose();

    private async Task FillAsync()
    {
        var accepted = await Client.PostAsync(
            "/api/bots", new { name = Mark, type = "general", capabilities = new { limits = new { confirmAbove = "0" } } }, HttpStatusCode.Accepted);
        (Bot, Operation) = ((string)accepted["bot"]!["id"]!, (string)accepted["operation"]!["id"]!);
        await Client.UntilAsync($"/api/operations/{Operation}", static o => (string?)o["status"] == "succeeded");
        await Client.FundAsync(Bot, "9");
        Address = await Client.AddressOfAsync(Bot);
        var sent = await Client.PostAsync($"/api/bots/{Bot}/wallet/send", new { to = Address, amount = "1", note = Mark }, HttpStatusCode.Accepted);
        Transaction = (string)sent["transaction"]!["id"]!;
        Conversation = (string)(await Client.PostAsync($"/api/bots/{Bot}/chat", new { message = $"hello {Mark}" }))["sessionId"]!;
        Key = (string)(await Client.PostAsync("/api/keys", new { name = Mark }, HttpStatusCode.Created))["id"]!;
        await Client.UntilAsync("/api/activities?limit=100", list => Told(list, Transaction) && Told(list, Bot));
    }

    private static bool Told(JsonNode list, string subject) => list["data"]!.AsArray().Any(e => (string?)e!["subject"] == subject);
}
