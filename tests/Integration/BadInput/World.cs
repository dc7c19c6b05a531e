using System.Net;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Contract;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>A valid request of one operation, to change one thing of.</summary>
/// <param name="Target">Path and query.</param>
/// <param name="Body">The body with every field that it may have; null = none.</param>
/// <param name="Token">Whose request it is.</param>
internal sealed record ValidRequest(string Target, JsonObject? Body, string Token)
{
    /// <summary>What the valid request is answered with; null for the success of the contract.</summary>
    public int? Status { get; init; }

    /// <summary>Where changed bodies go; by default where the valid one goes. A field that is changed may still be right, and what it starts should be cheap.</summary>
    public string? TargetOfChanged { get; init; }
}

/// <summary>Two users with what valid requests need: a bot that pays, one that is changed, one that is moved, a transaction, a conversation.</summary>
internal sealed class World : IDisposable
{
    private readonly Dictionary<string, ValidRequest> _requests = new(StringComparer.Ordinal);

    private World(PlatformClient ann, PlatformClient eve) => (Ann, Eve) = (ann, eve);

    /// <summary>The user of nearly all requests.</summary>
    public PlatformClient Ann { get; }

    /// <summary>The user whose sessions and password may go.</summary>
    public PlatformClient Eve { get; }

    /// <summary>By the operation of the document.</summary>
    public IReadOnlyDictionary<string, ValidRequest> Requests => _requests;

    public string Address { get; private set; } = "";

    public string Bot { get; private set; } = "";

    public string Spare { get; private set; } = "";

    public string Cursor { get; private set; } = "";

    public static async Task<World> BuildAsync(Uri address)
    {
        var world = new World(await PlatformClient.SignUpAsync(address), await PlatformClient.SignUpAsync(address));
        await world.FillAsync();
        return world;
    }

    public void Dispose()
    {
        Ann.Dispose();
        Eve.Dispose();
    }

    private static string TokenOf(JsonNode session) => (string)session["token"]!;

    private async Task FillAsync()
    {
        Bot = await Ann.CreateBotAsync("Payer", new { capabilities = new { limits = new { confirmAbove = "1" } } });
        var changed = await Ann.CreateBotAsync("Changed");
        Spare = await Ann.CreateBotAsync("Spare");
        var goner = (string)(await Ann.PostAsync("/api/bots", new { name = "Goner", type = "custom" }, HttpStatusCode.Accepted))["bot"]!["id"]!;
        await Ann.FundAsync(Bot, "1000");
        Address = await Ann.AddressOfAsync(changed);
        var waits = await WaitingAsync();
        var alsoWaits = await WaitingAsync();
        var talk = (string)(await Ann.PostAsync($"/api/bots/{Bot}/chat", new { message = "hello" }))["sessionId"]!;
        var operation = (string)(await Ann.PostAsync("/api/bots", new { name = "Late", type = "general" }, HttpStatusCode.Accepted))["operation"]!["id"]!;
        await Ann.UntilAsync($"/api/bots/{goner}", static bot => (string?)bot["status"] == "running");
        Cursor = (string)(await Ann.GetAsync("/api/activities?limit=1"))["pagination"]!["nextCursor"]!;
        AddAuth(await SignInAsync(), await SignInAsync());
        AddBots((await Ann.GetAsync($"/api/bots/{changed}")).AsObject(), goner, operation);
        AddWallets(waits, alsoWaits);
        AddChat(talk);
        await AddKeysAsync();
        foreach (var path in new[] { "/.well-known/jwks.json", "/api/events", "/api/activities", "/health", "/health/ready" })
        {
            Add($"GET {path}", path);
        }
    }

    private async Task<string> WaitingAsync() =>
        (string)(await Ann.PostAsync($"/api/bots/{Bot}/wallet/send", new { to = Address, amount = "2" }, HttpStatusCode.Accepted))["transaction"]!["id"]!;

    private Task<JsonNode> SignInAsync() => Eve.PostAsync("/api/auth/login", new { email = Eve.Email, password = PlatformClient.Password });

    private void AddAuth(JsonNode toRefresh, JsonNode toEnd)
    {
        Add("POST /api/auth/register", "/api/auth/register", new { email = "new@example.com", password = PlatformClient.Password, name = "New" });
        Add("POST /api/auth/login", "/api/auth/login", new { email = Ann.Email, password = PlatformClient.Password });
        Add("POST /api/auth/refresh", "/api/auth/refresh", new { refreshToken = (string)toRefresh["refreshToken"]! });
        Add("POST /api/auth/logout", "/api/auth/logout", token: TokenOf(toEnd));
        Add("POST /api/auth/password", "/api/auth/password", new { currentPassword = PlatformClient.Password, newPassword = "quite another evening" }, TokenOf(Eve.Session));
        Add("GET /api/auth/me", "/api/auth/me");
    }

    private void AddBots(JsonObject bot, string goner, string operation)
    {
        var changed = (string)bot["id"]!;
        Add("POST /api/bots", "/api/bots", Configuration());
        Add("GET /api/bots", "/api/bots?limit=2");
        Add("GET /api/bots/{id}", $"/api/bots/{changed}");
        var general = Configuration();
        general["type"] = "general";
        var told = general.DeepClone();
        foreach (var name in new[] { "id", "status", "statusReason", "walletAddress", "createdAt", "updatedAt" })
        {
            told[name] = bot[name]?.DeepClone();
        }

        Add("PUT /api/bots/{id}", $"/api/bots/{changed}", told);
        Add("PATCH /api/bots/{id}", $"/api/bots/{changed}", general);
        Add("DELETE /api/bots/{id}", $"/api/bots/{goner}");
        foreach (var move in new[] { "pause", "resume", "stop", "start" })
        {
            Add($"POST /api/bots/{{id}}/{move}", $"/api/bots/{Spare}/{move}");
        }

        Add("GET /api/operations/{id}", $"/api/operations/{operation}");
    }

    private void AddWallets(string waits, string alsoWaits)
    {
        Add("GET /api/bots/{id}/wallet", $"/api/bots/{Bot}/wallet");
        Add("POST /api/bots/{id}/wallet/send", $"/api/bots/{Bot}/wallet/send", new { to = Address, amount = "0.5", token = "NIGHT", note = "rent" });
        _requests["POST /api/bots/{id}/wallet/send"] = _requests["POST /api/bots/{id}/wallet/send"] with { TargetOfChanged = $"/api/bots/{Bot}/wallet/send?dryRun=true" };
        Add("POST /api/bots/{id}/wallet/export", $"/api/bots/{Bot}/wallet/export", new { password = PlatformClient.Password });
        AddCall();
        Add("GET /api/bots/{id}/transactions", $"/api/bots/{Bot}/transactions?limit=1");
        Add("GET /api/transactions/{id}", $"/api/transactions/{waits}");
        Add("POST /api/transactions/{id}/confirm", $"/api/transactions/{waits}/confirm");
        Add("POST /api/transactions/{id}/cancel", $"/api/transactions/{alsoWaits}/cancel");
        Add("POST /api/devnet/faucet", "/api/devnet/faucet", new { address = Address, amount = "1" });
    }

    // No contract is there: what is right in itself is answered so, whatever else is changed.
    private void AddCall()
    {
        const string Operation = "POST /api/bots/{id}/contracts/{address}/calls";
        var cell = new { value = new[] { "01" }, alignment = new object[] { new { tag = "atom", value = new { tag = "bytes", length = 1 } } } };
        Add(Operation, $"/api/bots/{Bot}/contracts/{Isolation.RouteCases.NoContract}/calls", new
        {
            entryPoint = "count",
            transcript = new object[] { "ckpt", new { dup = new { n = 0 } } },
            privateTranscriptOutputs = new[] { cell },
            input = cell,
            output = cell,
            communicationRandomness = "00",
            keys = new { proverKey = "AA==", verifierKey = "AA==", ir = "AA==" },
            note = "count me in",
        });
        _requests[Operation] = _requests[Operation] with { Status = 404 };
    }

    private void AddChat(string talk)
    {
        Add("POST /api/bots/{id}/chat", $"/api/bots/{Bot}/chat", new { message = "what is your balance?", sessionId = talk });
        Add("POST /api/chat", "/api/chat", new { botId = Bot, message = "help", sessionId = talk });
        Add("GET /api/bots/{id}/conversations", $"/api/bots/{Bot}/conversations");
        Add("GET /api/chat/{sessionId}", $"/api/chat/{talk}");
    }

    private async Task AddKeysAsync()
    {
        var key = (string)(await Ann.PostAsync("/api/keys", new { name = "Goner" }, HttpStatusCode.Created))["id"]!;
        Add("POST /api/keys", "/api/keys", new { name = "Prover" });
        Add("GET /api/keys", "/api/keys?limit=2");
        Add("DELETE /api/keys/{id}", $"/api/keys/{key}");
    }

    private JsonObject Configuration()
    {
        var limits = new { perTransaction = "50", perDay = "100", confirmAbove = "40", approveAbove = "45" };
        return System.Text.Json.JsonSerializer.SerializeToNode(new
        {
            name = "Shaped",
            description = "A bot with every field",
            type = "treasury",
            model = "scripted",
            personality = new { tone = "dry", instructions = "Be brief.", language = "en" },
            capabilities = new { features = new[] { "balance", "send" }, permissions = new[] { "spend" }, limits },
            integrations = new { discord = new { channel = "general" } },
            treasury = new { signers = new[] { (string)Ann.Session["user"]!["id"]! }, threshold = 1, limits },
            security = new { allowedRecipients = new[] { Address }, blockedRecipients = new[] { Address } },
        })!.AsObject();
    }

    private void Add(string operation, string target, object? body = null, string? token = null)
    {
        Assert.Contains(ContractTable.Rows, row => row.Name == operation);
        _requests.Add(operation, new ValidRequest(target, body is null ? null : System.Text.Json.JsonSerializer.SerializeToNode(body)!.AsObject(), token ?? TokenOf(Ann.Session)));
    }
}
