using System.Net;
using System.Net.Http.Headers;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Telemetry;

/// <summary><c>/metrics</c>: what an operator sees of each concern, in the format that Prometheus reads, and who may see it.</summary>
public sealed class MetricsTests
{
    private const string Token = "0123456789abcdefghijklmn";

    [Fact]
    public async Task Metrics_AfterATransferByChat_ShowEveryConcern()
    {
        using var folder = new TemporaryFolder();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path);
        using var ann = await PlatformClient.SignUpAsync(new Uri(app.Urls.First()));
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "10");
        var chat = await ann.PostAsync($"/api/bots/{alice}/chat", new { message = $"send 4 NIGHT to {await ann.AddressOfAsync(bob)}" });
        await ann.EndOfAsync((string)chat["transactionIds"]![0]!);
        await ann.GetAsync("/health/ready");

        var seen = Exposition.Read(await ReadAsync(ann, static text =>
            text.Contains("midnight_flows_ended_total{", StringComparison.Ordinal) && text.Contains("flow=\"transaction\",status=\"completed\"", StringComparison.Ordinal)
            && text.Contains("midnight_queue_depth", StringComparison.Ordinal)));

        Assert.NotEmpty(seen.Of("http_server_request_duration_seconds_count", ("http_route", "/api/bots/{id}/chat"), ("http_response_status_code", "200")));
        AssertPositive(seen, "midnight_flows_started_total", ("flow", "transaction"));
        AssertPositive(seen, "midnight_flows_ended_total", ("flow", "bot.create"), ("status", "completed"));
        AssertPositive(seen, "midnight_flows_step_duration_seconds_count", ("step", "transaction.submit"), ("outcome", "completed"));
        AssertPositive(seen, "midnight_transactions_ended_total", ("status", "confirmed"));
        AssertPositive(seen, "midnight_chain_tip_height");
        AssertPositive(seen, "midnight_chain_call_duration_seconds_count", ("upstream", "node"), ("outcome", "ok"));
        AssertPositive(seen, "midnight_ledger_calls_total", ("operation", "transfer"), ("outcome", "ok"));
        AssertPositive(seen, "midnight_ledger_workers");
        AssertPositive(seen, "midnight_ledger_workers_limit");
        AssertPositive(seen, "midnight_outbox_dispatched_total", ("kind", "flow-start"));
        AssertPositive(seen, "midnight_agents_turns_total", ("outcome", "answered"));
        AssertPositive(seen, "midnight_agents_tool_calls_total", ("tool", "send"), ("status", "succeeded"));
        AssertPositive(seen, "midnight_agents_model_duration_seconds_count", ("provider", "scripted"), ("outcome", "ok"));
        AssertPositive(seen, "midnight_custody_operations_total", ("operation", "unwrap"), ("purpose", "wallets"), ("outcome", "ok"));
        Assert.NotEmpty(seen.Of("midnight_chain_circuit_state", ("upstream", "indexer")));
        Assert.All(new[] { "outbox", "flows", "open-work" }, queue => Assert.NotEmpty(seen.Of("midnight_queue_depth", ("queue", queue))));
        Assert.NotEmpty(seen.Of("midnight_custody_rewrap_backlog"));
    }

    [Fact]
    public async Task Metrics_OfManyRequestsToNowhere_GainNoSeries()
    {
        using var folder = new TemporaryFolder();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path);
        using var ann = await PlatformClient.SignUpAsync(new Uri(app.Urls.First()));
        await ann.GetAsync("/api/nowhere", HttpStatusCode.NotFound);
        await ann.GetAsync("/api/bots/bot_00000000000000000000000000", HttpStatusCode.NotFound);
        var before = SeriesOfRequests(await ReadAsync(ann, static text =>
            Exposition.Read(text).Of("http_server_request_duration_seconds_count", ("http_response_status_code", "404")).Sum() >= 2));
        for (var i = 0; i < 50; i++)
        {
            await ann.GetAsync($"/api/nowhere-{i}", HttpStatusCode.NotFound);
            await ann.GetAsync($"/api/bots/bot_{i:D26}", HttpStatusCode.NotFound);
        }

        var after = await ReadAsync(ann, static text =>
            Exposition.Read(text).Of("http_server_request_duration_seconds_count", ("http_response_status_code", "404")).Sum() >= 102);
        Assert.Equal(before, SeriesOfRequests(after));
    }

    [Fact]
    public async Task Metrics_WithoutAToken_AreForThisMachineAlone()
    {
        using var folder = new TemporaryFolder();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, static _ => { }));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, static request => request.Headers.Add("X-Forwarded-For", "203.0.113.7")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, static request => request.Headers.Add("Forwarded", "for=203.0.113.7")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, static request => request.Headers.Host = "midnight.example.com"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync(http, static request => request.Method = HttpMethod.Post));
    }

    [Fact]
    public async Task Metrics_WithAToken_AreForWhoeverShowsIt()
    {
        using var folder = new TemporaryFolder();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path, "--Metrics:Token", Token);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var ann = await PlatformClient.SignUpAsync(http.BaseAddress);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, static _ => { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, static request => Show(request, Token[..^1])));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, request => request.Headers.Authorization = ann.Http.DefaultRequestHeaders.Authorization));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, static request => Show(request, Token)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, static request =>
        {
            Show(request, Token);
            request.Headers.Add("X-Forwarded-For", "203.0.113.7");
            request.Headers.Host = "midnight.example.com";
        }));
    }

    [Fact]
    public async Task Metrics_SwitchedOff_AreNowhere()
    {
        using var folder = new TemporaryFolder();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path, "--Metrics:Enabled", "false");
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, static _ => { }));
    }

    private static void AssertPositive(Exposition seen, string name, params (string Name, string Value)[] labels) =>
        Assert.True(seen.Of(name, labels) is { Count: > 0 } values && values.Sum() > 0, $"{name} {string.Join(' ', labels)}");

    private static int SeriesOfRequests(string text) => Exposition.Read(text).Samples.Count(static s => s.Name == "http_server_request_duration_seconds_count");

    private static void Show(HttpRequestMessage request, string token) => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        change(request);
        using var response = await http.SendAsync(request);
        Assert.Equal(response.StatusCode == HttpStatusCode.OK, response.Content.Headers.ContentType!.MediaType == "text/plain");
        return response.StatusCode;
    }

    // The exporter gives the same answer for a moment, and gauges are read every few seconds.
    private static async Task<string> ReadAsync(PlatformClient client, Func<string, bool> wished)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var text = await client.Http.GetStringAsync("/metrics", limit.Token);
            if (wished(text))
            {
                return text;
            }

            await Task.Yield();
        }
    }
}
