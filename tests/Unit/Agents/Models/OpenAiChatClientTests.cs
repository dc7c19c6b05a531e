using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Agents.Models;
using MidnightOS.Core.Agents.Models.OpenAi;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Unit.Support;
using static MidnightOS.Tests.Unit.Agents.Records;

namespace MidnightOS.Tests.Unit.Agents.Models;

/// <summary>The adapter and the loop against a server on loopback that speaks OpenAI's chat completions.</summary>
public sealed class OpenAiChatClientTests : IAsyncLifetime
{
    private static readonly string ToolCallInPieces =
        Chunk("""{"role":"assistant","content":"One moment."}""")
        + Chunk("""{"tool_calls":[{"index":0,"id":"call_9","type":"function","function":{"name":"send","arguments":""}}]}""")
        + Chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":" + JsonSerializer.Serialize($"{{\"to\":\"{A}\",") + "}}]}")
        + Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"\"amount\":\"5\"}"}}]}""")
        + Chunk("{}", "tool_calls") + "data: [DONE]\n\n";

    private static readonly string Closing = Chunk("""{"role":"assistant","content":"I hope that helps. "}""") + Chunk("""{"content":"It is confirmed."}""")
        + Chunk("{}", "stop") + "data: [DONE]\n\n";

    private readonly List<JsonElement> _requests = [];
    private readonly List<string> _keys = [];
    private readonly FakeWallet _wallet = new();
    private readonly Queue<(int Status, string Body)> _answers = new();
    private WebApplication _server = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.MapPost("/v1/chat/completions", AnswerAsync);
        await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Run_ToolCallInPieces_IsCarriedOutAndItsResultTold()
    {
        _answers.Enqueue((200, ToolCallInPieces));
        _answers.Enqueue((200, Closing));

        var text = await RunAsync($"send 5 NIGHT to {A}");

        var made = Assert.Single(_wallet.Transactions);
        Assert.True(Assert.Single(_wallet.Asked).Confirmed);
        Assert.StartsWith($"One moment.\n\nTransaction {made.Id}: 5 NIGHT", text, StringComparison.Ordinal);
        Assert.Contains("I hope that helps.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("It is confirmed", text, StringComparison.Ordinal);
        Assert.All(_keys, static key => Assert.Equal("Bearer secret", key));
        Assert.Equal("small", _requests[0].GetProperty("model").GetString());
        Assert.Equal(["system", "user"], Roles(_requests[0]));
        Assert.Equal(["balance", "address", "send", "history", "status", "help"], _requests[0].GetProperty("tools").EnumerateArray()
            .Select(static tool => tool.GetProperty("function").GetProperty("name").GetString()));
        Assert.Equal(["system", "user", "assistant", "tool"], Roles(_requests[1]));
        var result = _requests[1].GetProperty("messages")[3];
        Assert.Equal("call_9", result.GetProperty("tool_call_id").GetString());
        Assert.Contains(made.Id, result.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EndpointFails_IsToldHonestlyAfterOneTry()
    {
        _answers.Enqueue((500, """{"error":{"message":"overloaded"}}"""));

        var text = await RunAsync("hello");

        Assert.Equal("My language model did not answer. Nothing was done for this message; please try again.", text);
        Assert.Single(_requests);
    }

    [Fact]
    public async Task Run_ArgumentsThatAreNoJson_AreRefused()
    {
        _answers.Enqueue((200, Chunk("""{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"send","arguments":"{\"to\": "}}]}""")
            + Chunk("{}", "tool_calls") + "data: [DONE]\n\n"));
        _answers.Enqueue((200, Closing));

        var text = await RunAsync($"send 5 NIGHT to {A}");

        Assert.Empty(_wallet.Asked);
        Assert.StartsWith("send: The arguments could not be read.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EndpointReportsUsage_CountsTokensTurnAndWithheldSentences()
    {
        using var measured = new Measurements();
        const string usage = """
            data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"small","choices":[],"usage":{"prompt_tokens":311,"completion_tokens":17,"total_tokens":328}}


            """;
        _answers.Enqueue((200, Chunk("""{"role":"assistant","content":"Hello. Your balance is 99 NIGHT."}""") + Chunk("{}", "stop") + usage + "data: [DONE]\n\n"));

        var text = await RunAsync("hello");

        Assert.StartsWith("Hello.", text, StringComparison.Ordinal);
        Assert.True(_requests[0].GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Equal([(311, "direction=input"), (17, "direction=output")], measured.Of("midnight.agents.model.tokens"));
        Assert.Equal([(1, "")], measured.Of("midnight.agents.sentences.withheld"));
        Assert.Equal([(1, "outcome=answered")], measured.Of("midnight.agents.turns"));
        Assert.Equal("provider=remote outcome=ok", Assert.Single(measured.Of("midnight.agents.model.duration")).Tags);
    }

    private static string Chunk(string delta, string? finish = null) =>
        $"data: {{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"small\",\"choices\":[{{\"index\":0,\"delta\":{delta},"
        + $"\"finish_reason\":{(finish is null ? "null" : $"\"{finish}\"")}}}]}}\n\n";

    private static IEnumerable<string?> Roles(JsonElement request) =>
        request.GetProperty("messages").EnumerateArray().Select(static message => message.GetProperty("role").GetString());

    private async Task AnswerAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body);
        _requests.Add(document.RootElement.Clone());
        _keys.Add(context.Request.Headers.Authorization.ToString());
        var (status, body) = _answers.Dequeue();
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? "text/event-stream" : "application/json";
        await context.Response.WriteAsync(body);
    }

    private async Task<string> RunAsync(string message)
    {
        var settings = Options.Create(new ModelOptions { Provider = "openai", Endpoint = new Uri($"{_server.Urls.Single()}/v1"), ApiKey = "secret", Name = "small" });
        var provider = new ChatClientProvider(settings, new OpenAiModels(settings));
        var ids = new IdGenerator(TimeProvider.System);
        var loop = new AgentLoop(provider, new AgentTools(ids), Options.Create(new AgentOptions()), TimeProvider.System, NullLogger<AgentLoop>.Instance);
        var turn = new AgentTurn(Bot, new AgentScope(Tenant, User, BotId, "cnv_1", "msg_1"), new UserMessage(message, DateTimeOffset.UnixEpoch), _wallet);
        var text = "";
        await foreach (var step in loop.RunAsync(turn, [], CancellationToken.None))
        {
            text += (step as AgentEvent.Text)?.Value;
        }

        return text;
    }
}
