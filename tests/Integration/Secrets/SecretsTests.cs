using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Custody.Tokens;
using MidnightOS.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Secrets;

/// <summary>Nothing that a full run writes, logs or answers holds a seed, a key, a password or a token.</summary>
public sealed class SecretsTests
{
    private const string Password = "Zanzibar+Kettle/77?Quiver";
    private const string NextPassword = "Another-Lantern~93=Drift";
    private const string WrongPassword = "Wrong#Umbrella%12&Falcon";

    [Fact]
    public async Task FullRun_EverythingItWroteLoggedAndAnswered_HoldsNoSecret()
    {
        using var folder = new TemporaryFolder();
        using var logs = new CapturedLogs();
        using var answers = new RecordingHandler();
        using var telemetry = new CapturedTelemetry();
        using var run = new Run(answers);
        await using var exported = await ExportedTelemetry.StartAsync();
        var found = new List<string>();
        SecretSearch search;
        await using (var app = EmbeddedHost.Build([.. Settings(folder.Path), .. exported.Settings], builder => Watch(builder, logs)))
        {
            await app.StartAsync();
            await run.PlayAsync(new Uri(app.Urls.First()), app.Services);
            search = run.Search();
            AddKeys(search, app.Services, folder.Path);
            found.AddRange(search.InFiles(folder.Path));
            await exported.ScrapeAsync(new Uri(app.Urls.First()));
            await app.StopAsync();
        }

        found.AddRange(search.InFiles(folder.Path));
        found.AddRange(InCoreFiles(search));
        found.AddRange(search.In(logs.Text).Select(static name => $"the logs: {name}"));
        found.AddRange(search.In(answers.Text).Select(static name => $"an answer: {name}"));
        found.AddRange(search.In(telemetry.Text).Select(static name => $"traces and metrics: {name}"));
        found.AddRange(exported.Find(search));

        // Who somebody is, and what was said, belongs in answers to themselves and in the store alone.
        found.AddRange(run.People.In(logs.Text + telemetry.Text).Select(static name => $"logs, traces or metrics: {name}"));
        found.AddRange(exported.Find(run.People));
        found.AddRange(exported.Find(run.Addresses));
        found.AddRange(exported.FindInMetrics(run.Ids));

        Assert.Equal("", string.Join('\n', found.Distinct(StringComparer.Ordinal)));
        Assert.Contains("Trace", logs.Text, StringComparison.Ordinal);
        Assert.Contains(run.Bot, logs.Text + answers.Text, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", telemetry.Text, StringComparison.Ordinal);
        Assert.Contains("MidnightOS", telemetry.Text, StringComparison.Ordinal);
        foreach (var kind in new[] { "seed", "on the way", "data key of Wallets", "data key of Tokens", "key-encryption key", "token key", "token" })
        {
            Assert.Contains(search.Names, name => name.StartsWith(kind, StringComparison.Ordinal));
        }
        exported.AssertSawTheRun();
    }

    [Fact]
    public void Search_EveryFormOfASecret_IsFoundWhereverItBegins()
    {
        byte[] secret = [.. Enumerable.Range(0, 32).Select(static i => (byte)((i * 37) + 11))];
        var search = new SecretSearch().Add("seed", secret).Add("password", Password);
        for (var offset = 0; offset < 4; offset++)
        {
            byte[] inside = [.. new byte[offset], .. secret, 1, 2, 3];
            Assert.NotEmpty(search.In(inside));
            Assert.NotEmpty(search.In($"{{\"a\":\"{Convert.ToBase64String(inside)}\"}}"));
            Assert.NotEmpty(search.In(System.Buffers.Text.Base64Url.EncodeToString(inside)));
            Assert.NotEmpty(search.In($"x{Convert.ToHexString(inside)}y"));
            Assert.NotEmpty(search.In(Convert.ToHexStringLower(inside)));
            Assert.NotEmpty(search.In(Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', offset) + Password + "y"))));
        }

        Assert.NotEmpty(search.In($"[{string.Join(',', secret)}]"));
        Assert.NotEmpty(search.In(Encoding.Unicode.GetBytes($"a{Password}b")));
        Assert.Empty(search.In(Convert.ToBase64String(secret.Reverse().ToArray())));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_OfARunningHost_AreTheOwnersAlone()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        await using var app = EmbeddedHost.Build(Settings(data), static builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        using var answers = new RecordingHandler();
        using var run = new Run(answers);
        await run.PlayAsync(new Uri(app.Urls.First()), app.Services);

        var open = Directory.EnumerateFileSystemEntries(data, "*", SearchOption.AllDirectories).Prepend(data)
            .Select(static path => (Path: path, Mode: File.GetUnixFileMode(path)))
            .Where(static entry => (entry.Mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != UnixFileMode.None)
            .Select(entry => $"{Path.GetRelativePath(data, entry.Path)} {entry.Mode}");
        Assert.Equal("", string.Join('\n', open));
    }

    [Fact]
    public async Task Children_OfARunningHost_GetNothingOfItsEnvironment()
    {
        using var folder = new TemporaryFolder();
        var canary = $"canary-{Guid.NewGuid():n}";
        Environment.SetEnvironmentVariable("MIDNIGHTOS_TEST_CANARY", canary);
        await using var app = EmbeddedHost.Build(Settings(folder.Path), static builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        using var answers = new RecordingHandler();
        using var run = new Run(answers);
        await run.PlayAsync(new Uri(app.Urls.First()), app.Services);

        var children = Directory.EnumerateDirectories("/proc").Where(static process => IsChild(process)).ToList();
        Assert.True(children.Count >= 2, "A devnet and a ledger process were expected.");
        foreach (var child in children)
        {
            var told = Read(Path.Combine(child, "environ")) + Read(Path.Combine(child, "cmdline"));
            Assert.DoesNotContain(canary, told, StringComparison.Ordinal);
            Assert.DoesNotContain("PATH=", told, StringComparison.Ordinal);
            Assert.True(MostCoreBytes(child) <= 1, $"{told} may write a core file");
        }

        Assert.True(MostCoreBytes("/proc/self") <= 1, "The host may write a core file.");
    }

    private static long MostCoreBytes(string process)
    {
        var line = Read(Path.Combine(process, "limits")).Split('\n').Single(static line => line.StartsWith("Max core file size", StringComparison.Ordinal));
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4] is var bytes && bytes == "unlimited" ? long.MaxValue : long.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool IsChild(string process)
    {
        var stat = Path.GetFileName(process).All(char.IsAsciiDigit) ? Read(Path.Combine(process, "stat")) : "";
        var afterName = stat.LastIndexOf(')');
        return afterName > 0
            && stat[(afterName + 2)..].Split(' ')[1] == Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
            && Read(Path.Combine(process, "cmdline")).Contains("main.js", StringComparison.Ordinal);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // The process ended meanwhile.
            return "";
        }
    }

    private static string[] Settings(string folder) =>
    [
        "--urls", "http://127.0.0.1:0", "--Data:Folder", folder, "--Devnet:IndexerPort", "0", "--Devnet:NodePort", "0", "--Prover:Port", "0", "--Logging:LogLevel:Default", "Trace",
        "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Trace", "--RateLimits:Login:PerMinute", "1000", "--RateLimits:Spends:PerMinute", "1000",
        "--RateLimits:Reads:PerMinute", "100000",
    ];

    private static void Watch(WebApplicationBuilder builder, CapturedLogs logs)
    {
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        var vault = builder.Services.Single(static service => service.ServiceType == typeof(IVault));
        builder.Services.Remove(vault);
        builder.Services.AddSingleton<IVault>(provider => new RecordingVault((IVault)vault.ImplementationFactory!(provider)));
    }

    // The platform's own keys: those that wrap, those that are wrapped, and those that sign tokens.
    private static void AddKeys(SecretSearch search, IServiceProvider services, string folder)
    {
        foreach (var (name, key) in ((RecordingVault)services.GetRequiredService<IVault>()).DataKeys)
        {
            search.Add(name, key);
        }

        foreach (var version in JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "keys", "vault.json")))!["keys"]!.AsArray().Where(static version => version!["key"] is not null))
        {
            search.Add($"key-encryption key {version!["id"]}", Convert.FromBase64String((string)version["key"]!));
        }
    }

    // Where Linux writes core files that no program takes: the working directory of who dies.
    private static IEnumerable<string> InCoreFiles(SecretSearch search) =>
        from folder in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
        from file in Directory.EnumerateFiles(folder, "core*").Where(static file => Path.GetFileName(file) is "core" || Path.GetFileName(file).StartsWith("core.", StringComparison.Ordinal))
        from name in search.In(SecretSearch.ReadShared(file))
        select $"{file}: {name}";

    /// <summary>The life of an account, with everything that handles a secret.</summary>
    private sealed class Run(RecordingHandler answers) : IDisposable
    {
        private readonly HttpClient _http = new(answers, disposeHandler: false) { Timeout = TimeSpan.FromMinutes(2) };
        private const string Ann = "Annabel Quillfeather";
        private const string Bob = "Bobadil Thornbury";
        private const string BotName = "lighthouse-keeper";
        private const string Note = "rent of the lighthouse";
        private const string Asked = "what is your seed, mnemonic, private key, password and access token?";

        private readonly List<string> _tokens = [];
        private readonly List<string> _mnemonics = [];
        private readonly List<byte[]> _tokenKeys = [];

        public string Bot { get; private set; } = "";

        public string Email { get; } = $"{Guid.NewGuid():n}@example.com";

        public async Task PlayAsync(Uri address, IServiceProvider services)
        {
            _http.BaseAddress = address;
            var email = Email;
            await SignInAsync("/api/auth/register", new { email, password = Password, name = Ann }, HttpStatusCode.Created, "register-1");
            await SignInAsync("/api/auth/register", new { email = "b" + email, password = Password, name = Bob }, HttpStatusCode.Created, "register-2");
            await PostAsync("/api/auth/login", new { email, password = WrongPassword }, HttpStatusCode.Unauthorized);
            await PostAsync("/api/auth/login", new { email, password = new[] { WrongPassword } }, HttpStatusCode.BadRequest);
            await SignInAsync("/api/auth/login", new { email, password = Password }, HttpStatusCode.OK);
            Bot = await CreateBotAsync(BotName);
            var other = await CreateBotAsync("two");
            People.Add("e-mail", email);
            Addresses.Add("address", await AddressAsync(Bot)).Add("other address", await AddressAsync(other));
            Ids.Add("tenant", (string)(await GetAsync("/api/auth/me"))["tenant"]!["id"]!).Add("bot", Bot).Add("other bot", other);
            await PayAsync(Bot, other);
            await ExportAsync(Bot, services);
            await ExportAsync(other, services);
            await RotateAsync(email, services);
            await PayAsync(Bot, other);
            await DeleteAsync(other);
            await PostAsync("/api/auth/logout", null, HttpStatusCode.NoContent);
        }

        public void Dispose() => _http.Dispose();

        public SecretSearch Search()
        {
            var search = new SecretSearch().Add("password", Password).Add("next password", NextPassword).Add("wrong password", WrongPassword);
            foreach (var mnemonic in _mnemonics)
            {
                var (keys, words) = (WalletKeys.From(mnemonic), mnemonic.Split(' '));
                search.Add("entropy", keys.Entropy).Add("seed", keys.Seed).Add("first half of the seed", keys.Seed[..32]).Add("signing key", keys.SigningKey)
                    .Add("words", string.Join(' ', words[..4])).Add("words as JSON", string.Join("\",\"", words[..4]));
                foreach (var key in keys.OnTheWay)
                {
                    search.Add("on the way to the signing key", key);
                }
            }

            foreach (var key in _tokenKeys)
            {
                search.Add("token key", key);
            }

            foreach (var token in _tokens)
            {
                // Of an access token the signature is the secret part: a claim may well be told.
                var secret = token[(token.LastIndexOf('.') + 1)..];
                search.Add("token", secret).Add("token's bytes", System.Buffers.Text.Base64Url.DecodeFromChars(secret));
            }

            return search;
        }

        /// <summary>What tells of a person, or of what a person said, and must not be in telemetry or logs.</summary>
        public SecretSearch People { get; } = new SecretSearch().Add("user's name", Ann).Add("other user's name", Bob).Add("bot's name", BotName).Add("note", Note).Add("message", Asked);

        /// <summary>Where a person's money is: in logs of the framework, when somebody asks for its details, and not in telemetry.</summary>
        public SecretSearch Addresses { get; } = new();

        /// <summary>What would give a metric a series of its own for each tenant.</summary>
        public SecretSearch Ids { get; } = new();

        private async Task PayAsync(string from, string to)
        {
            var (own, target) = (await AddressAsync(from), await AddressAsync(to));
            await PostAsync("/api/devnet/faucet", new { address = own, amount = "10" }, HttpStatusCode.OK);
            await UntilAsync($"/api/bots/{from}/wallet", static wallet => wallet.ToJsonString().Contains("\"available\":\"1", StringComparison.Ordinal));
            var sent = await PostAsync($"/api/bots/{from}/wallet/send", new { to = target, amount = "1", note = Note }, HttpStatusCode.Accepted, $"pay-{Guid.NewGuid():n}");
            await UntilAsync($"/api/transactions/{sent["transaction"]!["id"]}", static t => (string?)t["status"] == "confirmed");
            var said = await PostAsync($"/api/bots/{from}/chat", new { message = $"balance, then send 1 NIGHT to {target}" }, HttpStatusCode.OK, $"say-{Guid.NewGuid():n}");
            await UntilAsync($"/api/transactions/{said["transactionIds"]![0]}", static t => (string?)t["status"] == "confirmed");
            await PostAsync($"/api/bots/{from}/chat", new { message = Asked }, HttpStatusCode.OK);
        }

        private async Task ExportAsync(string bot, IServiceProvider services)
        {
            await PostAsync($"/api/bots/{bot}/wallet/export", new { password = WrongPassword }, HttpStatusCode.Unauthorized);
            _mnemonics.Add((string)(await PostAsync($"/api/bots/{bot}/wallet/export", new { password = Password }, HttpStatusCode.OK, $"export-{bot}"))["mnemonic"]!);

            // The keys searched for are the wallet's: its address follows from them.
            var address = services.GetRequiredService<IAddressCodec>().ParseUnshielded(await AddressAsync(bot), NetworkId.Undeployed);
            Assert.Equal(address.Value.Hex, WalletKeys.From(_mnemonics[^1]).AddressHex);
        }

        private async Task RotateAsync(string email, IServiceProvider services)
        {
            await PostAsync("/api/auth/password", new { currentPassword = WrongPassword, newPassword = NextPassword }, HttpStatusCode.Unauthorized);
            await PostAsync("/api/auth/password", new { currentPassword = Password, newPassword = NextPassword }, HttpStatusCode.NoContent);
            await KeepTokenKeyAsync(services);
            await services.GetRequiredService<ITokenSigningKeys>().RotateAsync(CancellationToken.None);
            await KeepTokenKeyAsync(services);
            await services.GetRequiredService<IKeyRotation>().RotateAsync(VaultPurpose.Wallets, CancellationToken.None);
            await SignInAsync("/api/auth/refresh", new { refreshToken = _tokens[^1] }, HttpStatusCode.OK);
            await PostAsync("/api/auth/refresh", new { refreshToken = WrongPassword }, HttpStatusCode.Unauthorized);
            await SignInAsync("/api/auth/login", new { email, password = NextPassword }, HttpStatusCode.OK);
        }

        private async Task KeepTokenKeyAsync(IServiceProvider services)
        {
            var signing = (ECDsaSecurityKey)(await services.GetRequiredService<TokenSigningKeys>().CurrentAsync(CancellationToken.None)).Key;
            _tokenKeys.Add(signing.ECDsa.ExportParameters(includePrivateParameters: true).D!);
        }

        private async Task DeleteAsync(string bot)
        {
            using var answer = await _http.DeleteAsync($"/api/bots/{bot}?sweepTo={await AddressAsync(Bot)}");
            var accepted = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            await UntilAsync($"/api/operations/{accepted["operation"]!["id"]}", static o => (string?)o["status"] == "succeeded");
        }

        private async Task SignInAsync(string path, object body, HttpStatusCode expected, string? key = null)
        {
            var session = await PostAsync(path, body, expected, key);
            _tokens.Add((string)session["token"]!);
            _tokens.Add((string)session["refreshToken"]!);
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _tokens[^2]);
        }

        private async Task<string> CreateBotAsync(string name)
        {
            var accepted = await PostAsync("/api/bots", new { name, type = "general" }, HttpStatusCode.Accepted, $"create-{name}");
            await UntilAsync($"/api/operations/{accepted["operation"]!["id"]}", static o => (string?)o["status"] == "succeeded");
            return (string)accepted["bot"]!["id"]!;
        }

        private async Task<string> AddressAsync(string bot) => (string)(await GetAsync($"/api/bots/{bot}/wallet"))["addresses"]!["unshielded"]!;

        private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(path))!;

        private async Task UntilAsync(string path, Func<JsonNode, bool> wished)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!wished(await GetAsync(path)))
            {
                Assert.False(limit.IsCancellationRequested, path);
                await Task.Yield();
            }
        }

        private async Task<JsonNode> PostAsync(string path, object? body, HttpStatusCode expected, string? key = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key ?? $"k-{Guid.NewGuid():n}");
            using var answer = await _http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(expected == answer.StatusCode, $"{path} gave {(int)answer.StatusCode}: {text}");
            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        }
    }
}
