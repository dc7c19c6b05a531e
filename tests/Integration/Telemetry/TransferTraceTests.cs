using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Telemetry;

/// <summary>One trace follows a transfer from the request, or the chat turn, that asked for it to its confirmation.</summary>
public sealed class TransferTraceTests
{
    private static readonly string[] Carrying =
    [
        "outbox start transaction", "step transaction.inspect", "step transaction.build", "custody unseal", "ledger transfer",
        "step transaction.submit", "node author_submitExtrinsic", "step transaction.check", "transaction confirmed", "flow transaction",
    ];

    [Fact]
    public async Task Send_CarriedThrough_IsOneTraceFromRequestToConfirmation()
    {
        using var spans = new RecordedSpans();
        using var folder = new TemporaryFolder();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path);
        using var ann = await PlatformClient.SignUpAsync(new Uri(app.Urls.First()));
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "10");

        var trace = new Trace();
        await SendAsync(ann, trace, alice, await ann.AddressOfAsync(bob), "4");

        await AssertTraceAsync(ann, spans, trace, "POST /api/bots/{id}/wallet/send");
    }

    [Fact]
    public async Task Chat_ThatSends_IsOneTraceFromTheTurnToConfirmation()
    {
        using var spans = new RecordedSpans();
        using var folder = new TemporaryFolder();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path);
        using var ann = await PlatformClient.SignUpAsync(new Uri(app.Urls.First()));
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "10");
        var message = $"send 4 NIGHT to {await ann.AddressOfAsync(bob)}";

        var trace = new Trace();
        await ann.SendAsync(HttpMethod.Post, $"/api/bots/{alice}/chat", new { message }, HttpStatusCode.OK, ("traceparent", trace.Parent));

        await AssertTraceAsync(ann, spans, trace, "POST /api/bots/{id}/chat", "model scripted", "tool send");
    }

    [Fact]
    public async Task Send_WhoseHostRestartsInTheMiddle_StaysInItsTrace()
    {
        using var spans = new RecordedSpans();
        using var folder = new TemporaryFolder();
        var trace = new Trace();
        string transaction;
        await using var first = await PlatformUnderTest.StartAsync(folder.Path);
        using var ann = await PlatformClient.SignUpAsync(new Uri(first.Urls.First()));
        var (alice, bob) = (await ann.CreateBotAsync("Alice", new { capabilities = new { limits = new { confirmAbove = "1" } } }), await ann.CreateBotAsync("Bob"));
        await ann.FundAsync(alice, "10");
        transaction = (string)(await SendAsync(ann, trace, alice, await ann.AddressOfAsync(bob), "4"))["transaction"]!["id"]!;
        await ann.UntilAsync($"/api/transactions/{transaction}", _ => NamesOf(spans, trace).Contains("step transaction.inspect"));
        await first.DisposeAsync();

        var before = NamesOf(spans, trace);
        await using var second = await PlatformUnderTest.StartAsync(folder.Path);
        using var later = ann.On(new Uri(second.Urls.First()));
        await later.PostAsync($"/api/transactions/{transaction}/confirm", null);

        Assert.DoesNotContain("step transaction.build", before);
        await AssertTraceAsync(later, spans, trace, "POST /api/bots/{id}/wallet/send");
    }

    private static Task<JsonNode> SendAsync(PlatformClient client, Trace trace, string bot, string to, string amount) => client.SendAsync(
        HttpMethod.Post, $"/api/bots/{bot}/wallet/send", new { to, amount }, HttpStatusCode.Accepted, ("traceparent", trace.Parent));

    private static async Task AssertTraceAsync(PlatformClient client, RecordedSpans spans, Trace trace, params string[] asked)
    {
        // The flow's own span is the last: it ends when the flow does.
        await client.UntilAsync("/api/auth/me", _ => NamesOf(spans, trace).Contains("flow transaction"));
        var seen = spans.Of(trace.Id);
        Assert.Empty(asked.Concat(Carrying).Except(seen.Select(static span => span.Name), StringComparer.Ordinal));
        var known = seen.Select(static span => span.SpanId).Append(trace.Span).ToHashSet(StringComparer.Ordinal);
        Assert.All(seen, span => Assert.Contains(span.ParentId, known));
        Assert.Single(seen, span => span.Name == "transaction confirmed");
        Assert.Single(seen, static span => span.Name == "flow transaction");
    }

    private static HashSet<string> NamesOf(RecordedSpans spans, Trace trace) =>
        spans.Of(trace.Id).Select(static span => span.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The trace that a client begins.</summary>
    private sealed record Trace
    {
        public string Id { get; } = ActivityTraceId.CreateRandom().ToString();

        public string Span { get; } = ActivitySpanId.CreateRandom().ToString();

        public string Parent => $"00-{Id}-{Span}-01";
    }
}
