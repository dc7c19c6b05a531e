using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Accounts.ApiKeys;
using MidnightOS.Core.Identity;
using MidnightOS.Prover.Proving;
using MidnightOS.Prover.Queue;
using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Who may ask the proof service, and as whom.</summary>
public sealed class AccessTests
{
    private static readonly string[] Guarded = ["/prove", "/check", "/prove-tx", "/k"];

    [Fact]
    public async Task Post_NobodyOnThisMachine_IsThePlatformItself()
    {
        await using var prover = await StartAsync();
        Assert.Equal("Open " + TenantId.Platform, await WhoAsync(prover));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Real-IP", "203.0.113.9")]
    [InlineData("Host", "prover.example.com")]
    public async Task Post_NobodyThroughAProxyOrByAForeignName_Is401(string header, string value)
    {
        await using var prover = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/prove") { Content = new ByteArrayContent(Bodies.Prove()) };
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await prover.Client.SendAsync(request);
        Assert.Equal((401, "unauthorized", "Bearer"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.WwwAuthenticate.ToString()));
    }

    [Fact]
    public async Task Post_NobodyWhereACredentialIsRequired_Is401()
    {
        await using var prover = await StartAsync(("Prover:RequireCredential", "true"));
        Assert.Equal("401", await WhoAsync(prover));
        var ann = await prover.SignUpAsync("ann");
        Assert.Equal($"AccessToken {ann.Tenant.Id}", await WhoAsync(prover, $"Bearer {ann.AccessToken}"));
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://127.0.0.1.evil.example:6300", false)]
    [InlineData("chrome-extension://abcdefghijklmnop", false)]
    [InlineData("file://", false)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://127.0.0.1:5173", true)]
    [InlineData("https://[::1]:8443", true)]
    public async Task Jobs_PageWithoutACredential_SeesAndTakesAwayNothingUnlessItIsOfThisMachine(string origin, bool allowed)
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        var (status, _, content) = await prover.PostAsync("/jobs", Bodies.Prove());
        Assert.Equal(202, status);
        var job = "/jobs/" + (string)JsonNode.Parse(content)!["id"]!;
        foreach (var (method, path) in new[] { ("GET", "/jobs"), ("GET", job), ("GET", job + "/result"), ("GET", "/usage"), ("POST", "/jobs"), ("DELETE", job) })
        {
            Assert.Equal($"{method} {path}: {allowed}", $"{method} {path}: {await StatusAsync(prover, method, path, ("Origin", origin)) != 401}");
        }

        // What the official server is open for this one is too.
        Assert.Equal(200, await StatusAsync(prover, "POST", "/prove", ("Origin", origin)));
    }

    [Fact]
    public async Task Jobs_PageThatLoadsThemOrShowsACredential_IsRefusedOrKnown()
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        Assert.Equal(401, await StatusAsync(prover, "GET", "/jobs", ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(200, await StatusAsync(prover, "GET", "/jobs", ("Sec-Fetch-Site", "none")));
        Assert.Equal(200, await StatusAsync(prover, "GET", "/jobs", ("Sec-Fetch-Site", "cross-site"), ("Origin", "http://localhost:3000")));
        Assert.Equal(401, await StatusAsync(prover, "GET", "/jobs", ("Origin", "http://localhost"), ("Origin", "https://evil.example")));
        var ann = await prover.SignUpAsync("ann");
        Assert.Equal(200, await StatusAsync(prover, "GET", "/jobs", ("Origin", "https://dapp.example"), ("Authorization", $"Bearer {ann.AccessToken}")));
    }

    [Fact]
    public async Task Post_WhoAsksForTheKeysGoesAway_LeavesTheOthersWithThem()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var prover = await StartAsync([.. issuer.Settings("worker", Tenant)]);
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        issuer.BeforeKeys = () =>
        {
            asked.TrySetResult();
            return go.Task;
        };
        using (var gone = new CancellationTokenSource())
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/prove") { Content = new ByteArrayContent(Bodies.Prove()) })
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + issuer.Token("worker", keyId: "made up"));
            var anonymous = prover.Client.SendAsync(request, gone.Token);
            await asked.Task;
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => anonymous);
            await UntilLeftAsync(prover);
        }

        var worker = WhoAsync(prover, "Bearer " + issuer.Token("worker"));
        go.SetResult();
        Assert.Equal($"Identity {Tenant}", await worker);
        Assert.Equal(1, issuer.Fetched);
    }

    [Fact]
    public async Task Post_NobodyAtAListenerThatOthersReach_Is401ButWhatItSaysOfItselfIsOpen()
    {
        await using var prover = await StartAsync(("Prover:Host", "0.0.0.0"));
        var address = new Uri($"http://127.0.0.1:{prover.Address.Port}");
        using var client = new HttpClient { BaseAddress = address };
        foreach (var path in Guarded)
        {
            using var answer = await client.PostAsync(path, new ByteArrayContent(Bodies.Prove()));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var parameters = await client.GetAsync("/fetch-params/10");
        Assert.Equal(HttpStatusCode.Unauthorized, parameters.StatusCode);
        foreach (var path in new[] { "/", "/health", "/ready", "/version", "/proof-versions" })
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/prove") { Content = new ByteArrayContent(Bodies.Prove()) };
        var ann = await prover.SignUpAsync("ann");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {ann.AccessToken}");
        using var signedIn = await client.SendAsync(request);
        Assert.Equal($"AccessToken {ann.Tenant.Id}", await signedIn.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Post_AccessToken_IsItsTenantAlsoOnThisMachineUntilTheSessionEnds()
    {
        await using var prover = await StartAsync();
        var ann = await prover.SignUpAsync("ann");
        Assert.Equal($"AccessToken {ann.Tenant.Id}", await WhoAsync(prover, $"Bearer {ann.AccessToken}"));
        var caller = (await prover.Services.GetRequiredService<AuthenticateSession>().RunAsync(ann.AccessToken, default)).Value;
        await prover.Services.GetRequiredService<Logout>().RunAsync(caller, default);
        Assert.Equal("401", await WhoAsync(prover, $"Bearer {ann.AccessToken}"));
    }

    [Fact]
    public async Task Post_ApiKey_IsItsTenantUntilItIsDeleted()
    {
        await using var prover = await StartAsync();
        var ann = await prover.SignUpAsync("ann");
        var caller = (await prover.Services.GetRequiredService<AuthenticateSession>().RunAsync(ann.AccessToken, default)).Value;
        var key = (await prover.Services.GetRequiredService<CreateApiKey>().RunAsync(caller, "prover", default)).Value;
        Assert.Equal($"ApiKey {ann.Tenant.Id}", await WhoAsync(prover, $"Bearer {key.Text}"));
        var (keys, _) = await prover.Services.GetRequiredService<ListApiKeys>().RunAsync(ann.Tenant.Id, 10, null, default);
        Assert.Equal(DateOnly.FromDateTime(DateTime.UtcNow), Assert.Single(keys).LastUsedOn);
        Assert.DoesNotContain(key.Text[^43..], prover.Logs.Text, StringComparison.Ordinal);

        Assert.True((await prover.Services.GetRequiredService<RevokeApiKey>().RunAsync(caller, key.Key.Id, default)).IsSuccess);
        Assert.Equal("401", await WhoAsync(prover, $"Bearer {key.Text}"));
    }

    [Fact]
    public async Task Post_CredentialThatIsWrong_Is401AlsoOnThisMachine()
    {
        await using var prover = await StartAsync();
        var ann = await prover.SignUpAsync("ann");
        var caller = (await prover.Services.GetRequiredService<AuthenticateSession>().RunAsync(ann.AccessToken, default)).Value;
        var key = (await prover.Services.GetRequiredService<CreateApiKey>().RunAsync(caller, "prover", default)).Value.Text;
        string[] wrong =
        [
            "", "Bearer", "Bearer x", "Bearer a.b.c", "Basic eDp5", $"Basic {key}", key, $"Bearer {key}x", $"Bearer {key[..^1]}", $"Bearer {key[..^1]}{(key[^1] == 'A' ? 'B' : 'A')}",
            $"Bearer mnk_{new string('0', 26)}_{key[^43..]}", "Bearer mnk_", $"Bearer {ann.AccessToken}x", $"Bearer {ann.AccessToken[..^5]}", $"Bearer {ann.RefreshToken}", "Bearer " + new string('a', 9000),
        ];
        foreach (var credential in wrong)
        {
            Assert.Equal("401", await WhoAsync(prover, credential));
        }

        Assert.Equal($"ApiKey {ann.Tenant.Id}", await WhoAsync(prover, $"bearer {key}"));
    }

    [Fact]
    public async Task Post_IdentityOfTheConfiguredIssuer_IsTheTenantOfItsSubject()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var prover = await StartAsync([.. issuer.Settings("worker", Tenant)]);
        Assert.Equal($"Identity {Tenant}", await WhoAsync(prover, "Bearer " + issuer.Token("worker")));
        Assert.Equal($"Identity {Tenant}", await WhoAsync(prover, "Bearer " + issuer.Token("worker")));
        Assert.Equal(1, issuer.Fetched);
        var ann = await prover.SignUpAsync("ann");
        Assert.Equal($"AccessToken {ann.Tenant.Id}", await WhoAsync(prover, $"Bearer {ann.AccessToken}"));
    }

    [Fact]
    public async Task Post_IdentityThatIsNotGood_Is401()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var other = await FakeIssuer.StartAsync();
        await using var prover = await StartAsync([.. issuer.Settings("worker", Tenant)]);
        string[] wrong =
        [
            issuer.Token("stranger"), issuer.Token("worker", audience: "elsewhere"), issuer.Token("worker", lifetime: TimeSpan.FromHours(-1)), issuer.Token("worker", begins: TimeSpan.FromHours(1)),
            other.Token("worker"), other.Token("worker", issuer: issuer.Address), issuer.Token("worker", keyId: "unknown"), issuer.Unsigned("worker"), issuer.SignedWithThePublicKey("worker"),
            issuer.Token("worker")[..^4] + "AAAA",
        ];
        for (var i = 0; i < wrong.Length; i++)
        {
            Assert.Equal($"{i}: 401", $"{i}: {await WhoAsync(prover, "Bearer " + wrong[i])}");
        }

        Assert.Equal($"Identity {Tenant}", await WhoAsync(prover, "Bearer " + issuer.Token("worker")));

        // Tokens with key ids that nobody has do not make the host ask the issuer for each.
        Assert.Equal(1, issuer.Fetched);
    }

    [Theory]
    [InlineData("Prover:Identity:Issuer must be an https address", "http://issuer.example.com", "a", "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("Prover:Identity:Audience must be set", "https://issuer.example.com", "", "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("Prover:Identity:Subjects:worker must be the id of a tenant", "https://issuer.example.com", "a", "me")]
    [InlineData("Prover:Identity:Subjects:worker must be the id of a tenant", "https://issuer.example.com", "a", "ten_00000000000000000000000000")]
    public async Task Start_IdentityThatCannotBeUsed_IsOneSentenceThatNamesTheSetting(string expected, string issuer, string audience, string tenant)
    {
        var exception = await Record.ExceptionAsync(() => StartAsync(("Prover:Identity:Issuer", issuer), ("Prover:Identity:Audience", audience), ("Prover:Identity:Subjects:worker", tenant)));
        Assert.StartsWith(expected, Assert.IsType<OptionsProblemException>(exception).Message, StringComparison.Ordinal);
    }

    private const string Tenant = "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static Task<ProverUnderTest> StartAsync(params (string Name, string Value)[] settings) =>
        ProverUnderTest.StartAsync(new ScriptedProver(), services => services.AddSingleton<IProofQueue, WhoAsks>(), settings);

    /// <summary>Sends a body, and gives how the caller was known, or the status of a refusal.</summary>
    private static async Task<string> WhoAsync(ProverUnderTest prover, string? credential = null)
    {
        var (status, _, content) = await prover.PostAsync("/prove", Bodies.Prove(), credential);
        return status == 200 ? Encoding.UTF8.GetString(content) : $"{status}";
    }

    private static async Task<int> StatusAsync(ProverUnderTest prover, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? new ByteArrayContent(Bodies.Prove()) : null };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await prover.Client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>Waits until the host has noticed that a client left.</summary>
    private static async Task UntilLeftAsync(ProverUnderTest prover)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!prover.Logs.Text.Contains("received FIN", StringComparison.Ordinal) && !prover.Logs.Text.Contains("reset", StringComparison.Ordinal))
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private sealed class WhoAsks : IProofQueue
    {
        public QueueState State => new(0, 0, 0);

        public bool IsFullFor(TenantId tenant) => false;

        public Task<QueuedAnswer> RunAsync(ProofCaller caller, ProofCall call, CancellationToken timeUp, CancellationToken cancellationToken) =>
            Task.FromResult(new QueuedAnswer(new ProverAnswer { Content = Encoding.UTF8.GetBytes($"{caller.SignIn} {caller.Tenant}") }));
    }
}
