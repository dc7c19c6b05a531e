using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Support;

namespace MidnightOS.Tests.Integration.Isolation;

/// <summary>What belongs to another tenant does not exist.</summary>
[Collection(PlatformCollection.Name)]
public sealed class IsolationTests(PlatformUnderTest platform)
{
    private static readonly string[] Verbs = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

    internal static readonly string[] OddIds =
    [
        "..", "%2e%2e", "%2f", "..%2f..%2fhealth", "%5c", "%23", "%3f", "%00", "bot_%00", "a%00b", "%0d%0aX-Injected:%201", "%0a", "%20", "%25", "%25%32%66", "*", "'",
        "%22", "';DROP%20TABLE%20documents;--", "%ff", "%c0%af", "%f0%9f%92%b8", "%ed%a0%80", "bot_", "null", "-1", "0", "%7B%7D", "mn_addr_undeployed1qqqq",
        new string('a', 255), new string('a', 256), new string('a', 4000), "bot_" + new string('0', 26), "bot_" + new string('Z', 26),
    ];

    private EndpointDataSource Endpoints => platform.Services.GetRequiredService<EndpointDataSource>();

    [Fact]
    public async Task EveryRouteWithAnId_OfAnotherTenant_IsNotFoundAndChangesNothing()
    {
        using var alice = await TenantOfOthers.SignUpAsync(platform);
        using var bob = await platform.SignUpAsync();
        var to = await bob.AddressOfAsync(await bob.CreateBotAsync());
        var before = await alice.StateAsync();

        foreach (var route in RouteCases.WithId(Endpoints))
        {
            var path = route[(route.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            var foreign = await SendAsync(bob, RouteCases.Request(route, alice.IdFor(path), to), HttpStatusCode.NotFound, route);
            var nobodys = await SendAsync(bob, RouteCases.Request(route, NobodysId(alice.IdFor(path)), to), HttpStatusCode.NotFound, route);
            Assert.Equal(WithoutTrace(nobodys), WithoutTrace(foreign));
        }

        Assert.Equal(before, await alice.StateAsync());
        Assert.Equal("0", await bob.TotalAsync((string)(await bob.GetAsync("/api/bots"))["data"]![0]!["id"]!));
    }

    [Fact]
    public async Task EveryVerb_OnEveryPathOfAnotherTenant_IsNotFoundOrNotAllowed()
    {
        using var alice = await TenantOfOthers.SignUpAsync(platform);
        using var bob = await platform.SignUpAsync();
        var routes = RouteCases.WithId(Endpoints);
        var before = await alice.StateAsync();
        foreach (var path in routes.Select(static route => route.Split(' ')[1]).Distinct(StringComparer.Ordinal))
        {
            foreach (var verb in Verbs.Where(verb => !routes.Contains($"{verb} {path}", StringComparer.Ordinal)))
            {
                var target = RouteCases.PathOf($"{verb} {path}", alice.IdFor(path));
                using var answer = await bob.Http.SendAsync(new HttpRequestMessage(new HttpMethod(verb), target));
                Assert.True(answer.StatusCode is HttpStatusCode.MethodNotAllowed, $"{verb} {path} gave {(int)answer.StatusCode}");
            }
        }

        Assert.Equal(before, await alice.StateAsync());
    }

    [Fact]
    public async Task EveryRouteWithAnId_OfTheWrongKind_IsNotFound()
    {
        using var alice = await TenantOfOthers.SignUpAsync(platform);
        var to = alice.Address;
        foreach (var route in RouteCases.WithId(Endpoints))
        {
            var right = alice.IdFor(route.Split(' ')[1]);
            foreach (var wrong in new[] { alice.Bot, alice.Operation, alice.Transaction, alice.Conversation, right.ToLowerInvariant(), right + "0", right[..^1] }.Where(id => id != right))
            {
                await SendAsync(alice.Client, RouteCases.Request(route, wrong, to), HttpStatusCode.NotFound, $"{route} with {wrong}");
            }
        }
    }

    [Fact]
    public async Task EveryRouteWithAnId_OfAnOddShape_IsACleanRefusal()
    {
        using var bob = await platform.SignUpAsync();
        var token = (string)bob.Session["token"]!;
        foreach (var route in RouteCases.WithId(Endpoints).Where(static route => route.StartsWith("GET ", StringComparison.Ordinal) || route.EndsWith("/pause", StringComparison.Ordinal)))
        {
            foreach (var odd in OddIds)
            {
                var (status, text) = await RawHttp.SendAsync(platform.Address, route.Split(' ')[0], RouteCases.PathOf(route, odd), token, "Content-Length: 0");

                // Kestrel itself refuses targets that no URI may have, without a body.
                Assert.True(status is 404 or 405 || (status == 400 && odd.Contains('%', StringComparison.Ordinal)), $"{route} with {odd[..Math.Min(40, odd.Length)]}: {text}");
                Assert.True(status == 400 || text.Contains("\"code\":\"", StringComparison.Ordinal), text);
                Assert.DoesNotContain("\r\nX-Injected", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Bodies_NamingAnotherTenantsThings_AreNotFound()
    {
        using var alice = await TenantOfOthers.SignUpAsync(platform);
        using var bob = await platform.SignUpAsync();
        var bot = await bob.CreateBotAsync();
        var before = await alice.StateAsync();

        await NotFoundAsync("/api/chat", new { botId = alice.Bot, message = "hello" });
        await NotFoundAsync("/api/chat", new { botId = alice.Bot, message = "hello", sessionId = alice.Conversation });
        await NotFoundAsync("/api/chat", new { botId = bot, message = "hello", sessionId = alice.Conversation });
        await NotFoundAsync($"/api/bots/{bot}/chat", new { message = "hello", sessionId = alice.Conversation });
        foreach (var odd in new[] { "a/b", "a#b", "a?b", "a\\b", "..", "💸", new string('x', 100) })
        {
            await NotFoundAsync("/api/chat", new { botId = odd, message = "hello" });
            await NotFoundAsync($"/api/bots/{bot}/chat", new { message = "hello", sessionId = odd });
        }

        foreach (var command in new[] { "confirm", "cancel", "status of" })
        {
            var answer = await bob.PostAsync($"/api/bots/{bot}/chat", new { message = $"{command} {alice.Transaction}" });
            Assert.Empty(answer["transactionIds"]!.AsArray());
            Assert.DoesNotContain(alice.Address, answer.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.Equal(before, await alice.StateAsync());

        async Task NotFoundAsync(string path, object body) =>
            Assert.Equal("NOT_FOUND", (string?)(await bob.PostAsync(path, body, HttpStatusCode.NotFound))["error"]!["code"]);
    }

    [Fact]
    public async Task ListsAndTheEventStream_OfATenant_ShowNothingOfAnother()
    {
        using var alice = await TenantOfOthers.SignUpAsync(platform);
        using var bob = await platform.SignUpAsync();
        var cursor = await AliceCursorAsync(alice);
        var stream = new EventReader(bob, "evt_" + new string('0', 20));
        await alice.Client.PostAsync($"/api/transactions/{alice.Transaction}/confirm", null);
        await alice.Client.EndOfAsync(alice.Transaction);
        var bot = await bob.CreateBotAsync("Bob");

        var seen = await stream.UntilAsync(bot);
        seen += (await bob.GetAsync("/api/bots")).ToJsonString() + (await bob.GetAsync("/api/activities?limit=100")).ToJsonString();
        seen += (await bob.GetAsync($"/api/bots/{bot}/transactions")).ToJsonString() + (await bob.GetAsync($"/api/bots/{bot}/conversations")).ToJsonString();

        Assert.All(alice.Traces, trace => Assert.DoesNotContain(trace, seen, StringComparison.Ordinal));
        Assert.Contains(bot, seen, StringComparison.Ordinal);
        foreach (var list in new[] { "/api/activities", "/api/bots", $"/api/bots/{bot}/transactions", $"/api/bots/{bot}/conversations" })
        {
            var refused = await bob.GetAsync($"{list}?cursor={cursor}", HttpStatusCode.BadRequest);
            Assert.Equal("INVALID_REQUEST", (string?)refused["error"]!["code"]);
        }
    }

    [Fact]
    public async Task KeysVersionsAndEventIds_OfAnotherTenant_GiveNothingOfTheirs()
    {
        using var alice = await TenantOfOthers.SignUpAsync(platform);
        using var bob = await platform.SignUpAsync();
        var key = $"shared-{Guid.NewGuid():n}";
        var hers = await alice.Client.PostAsync("/api/bots", new { name = alice.Mark, type = "general" }, HttpStatusCode.Accepted, key);
        var his = await bob.PostAsync("/api/bots", new { name = "Bob", type = "general" }, HttpStatusCode.Accepted, key);
        Assert.NotEqual((string?)hers["bot"]!["id"], (string?)his["bot"]!["id"]);
        Assert.DoesNotContain(alice.Mark, his.ToJsonString(), StringComparison.Ordinal);

        // The version of a bot that is not there tells nothing of whether it is right.
        using var read = await alice.Client.Http.GetAsync($"/api/bots/{alice.Bot}");
        foreach (var version in new[] { read.Headers.ETag!.ToString(), "\"another\"" })
        {
            foreach (var (method, body) in new (HttpMethod, object?)[] { (HttpMethod.Put, new { name = "x" }), (HttpMethod.Patch, new { name = "x" }), (HttpMethod.Delete, null) })
            {
                await bob.SendAsync(method, $"/api/bots/{alice.Bot}", body, HttpStatusCode.NotFound, ("If-Match", version));
            }
        }

        var newest = (string)(await alice.Client.GetAsync("/api/activities?limit=1"))["data"]![0]!["id"]!;
        var stream = new EventReader(bob, newest);
        var late = (string)(await bob.PostAsync("/api/bots", new { name = "Late", type = "general" }, HttpStatusCode.Accepted))["bot"]!["id"]!;
        await alice.Client.PostAsync($"/api/bots/{alice.Bot}/pause", null);
        var seen = await stream.UntilAsync(late);
        Assert.All(alice.Traces, trace => Assert.DoesNotContain(trace, seen, StringComparison.Ordinal));
    }

    private static async Task<string> AliceCursorAsync(TenantOfOthers alice) =>
        (string)(await alice.Client.GetAsync("/api/activities?limit=1"))["pagination"]!["nextCursor"]!;

    private static string NobodysId(string id) => new IdGenerator(TimeProvider.System).New(id[..(id.IndexOf('_', StringComparison.Ordinal) + 1)]);

    private static async Task<JsonNode> SendAsync(PlatformClient client, HttpRequestMessage request, HttpStatusCode expected, string what)
    {
        using var answer = await client.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{what} gave {(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal("NOT_FOUND", (string?)problem["error"]!["code"]);
        return problem;
    }

    private static string WithoutTrace(JsonNode problem)
    {
        problem["traceId"] = "";
        return problem.ToJsonString();
    }
}
