using System.ClientModel;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using MidnightOS.Azure.SemanticKernel;
using static MidnightOS.Tests.Azure.Models.SemanticKernel.ModelEndpoint;

namespace MidnightOS.Tests.Azure.Models.SemanticKernel;

/// <summary>The azure edition's client of Azure OpenAI, Semantic Kernel included, by what is sent and what comes back.</summary>
public sealed class SemanticKernelChatClientTests : IDisposable
{
    private static readonly ChatMessage Hello = new(ChatRole.User, "hello");

    private readonly ModelEndpoint _endpoint = new();

    public void Dispose() => _endpoint.Dispose();

    [Fact]
    public async Task Stream_Text_ComesInItsPiecesWithReasonAndTokens()
    {
        _endpoint.Streams(
            Piece("""{"role":"assistant","content":"Hel"}"""), Piece("""{"content":"lo."}"""), Piece("{}", "stop"),
            """{"id":"x","object":"chat.completion.chunk","created":1,"model":"bots","choices":[],"usage":{"prompt_tokens":311,"completion_tokens":17,"total_tokens":328}}""");

        using var client = _endpoint.Client();
        var updates = await client.GetStreamingResponseAsync([new ChatMessage(ChatRole.System, "Be kind."), Hello]).ToListAsync();

        Assert.IsType<SemanticKernelChatClient>(client);
        Assert.Equal(["Hel", "lo."], updates.Select(static update => update.Text).Where(static text => text.Length > 0));
        var response = updates.ToChatResponse();
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal((311, 17), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount));
        var request = Assert.Single(_endpoint.Requests);
        Assert.Equal("bots", request.GetProperty("model").GetString());
        Assert.True(request.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.False(request.TryGetProperty("tools", out _));
        Assert.Equal(["system:Be kind.", "user:hello"], request.GetProperty("messages").EnumerateArray()
            .Select(static message => $"{message.GetProperty("role").GetString()}:{message.GetProperty("content").GetString()}"));
    }

    [Fact]
    public async Task Stream_CallInPieces_IsProposedAndNotRun()
    {
        var ran = false;
        var send = AIFunctionFactory.Create((string to, int amount) => ran = true, "send", "Sends money.");
        _endpoint.Streams(
            Piece("""{"role":"assistant","tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"bot-send","arguments":""}}]}"""),
            Piece("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"to\":\"a"}}]}"""),
            Piece("""{"tool_calls":[{"index":0,"function":{"arguments":"b\",\"amount\":5}"}}]}"""),
            Piece("{}", "tool_calls"));

        using var client = _endpoint.Client();
        var response = await client.GetResponseAsync([Hello], new ChatOptions { Tools = [send] });

        var call = Assert.Single(response.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal(("call_1", "send"), (call.CallId, call.Name));
        Assert.Equal("""{"to":"ab","amount":5}""", JsonSerializer.Serialize(call.Arguments));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.False(ran);
        var request = Assert.Single(_endpoint.Requests);
        var function = Assert.Single(request.GetProperty("tools").EnumerateArray()).GetProperty("function");
        Assert.Equal(("bot-send", "Sends money.", "auto"), (function.GetProperty("name").GetString(), function.GetProperty("description").GetString(), request.GetProperty("tool_choice").GetString()));
        Assert.Equal("""{"to":{"type":"string"},"amount":{"type":"integer"}}""", JsonSerializer.Serialize(function.GetProperty("parameters").GetProperty("properties")));
        Assert.Equal("""["to","amount"]""", JsonSerializer.Serialize(function.GetProperty("parameters").GetProperty("required")));
    }

    [Fact]
    public async Task Stream_AfterTools_SendsCallsAndResults()
    {
        _endpoint.Streams(Piece("""{"role":"assistant","content":"Done."}"""), Piece("{}", "stop"));
        ChatMessage[] messages =
        [
            Hello,
            new(ChatRole.Assistant, [new TextContent("One moment."), Call("call_1", "send", ("to", "ab"), ("TO", "ab")), Call("call_2", "balance")]),
            new(ChatRole.Tool, [new FunctionResultContent("call_1", new { status = "succeeded" }), new FunctionResultContent("call_2", "7")]),
        ];

        using var client = _endpoint.Client();
        var response = await client.GetResponseAsync(messages);

        Assert.Equal("Done.", response.Text);
        var sent = Assert.Single(_endpoint.Requests).GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool", "tool"], sent.Select(static message => message.GetProperty("role").GetString()));
        Assert.Contains("One moment.", sent[1].GetProperty("content").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["call_1 bot-send {\"to\":\"ab\"}", "call_2 bot-balance {}"], sent[1].GetProperty("tool_calls").EnumerateArray()
            .Select(static call => $"{call.GetProperty("id")} {call.GetProperty("function").GetProperty("name")} {call.GetProperty("function").GetProperty("arguments")}"));
        Assert.Equal(["call_1 {\"status\":\"succeeded\"}", "call_2 \"7\""], sent.Skip(2).Select(static result => $"{result.GetProperty("tool_call_id")} {result.GetProperty("content")}"));
    }

    [Fact]
    public async Task Stream_ArgumentsThatAreNoJson_AreTold()
    {
        _endpoint.Streams(Piece("""{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"send","arguments":"{\"to\": "}}]}"""), Piece("{}", "tool_calls"));

        using var client = _endpoint.Client();
        var response = await client.GetResponseAsync([Hello]);

        var call = Assert.Single(response.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal("send", call.Name);
        Assert.NotNull(call.Exception);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task Stream_EndpointFails_ThrowsAfterOneTry(HttpStatusCode status)
    {
        _endpoint.Fails(status);

        using var client = _endpoint.Client();
        var failure = await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync([Hello]));

        Assert.Equal((int)status, failure.Status);
        Assert.Single(_endpoint.Requests);
    }

    private static FunctionCallContent Call(string id, string name, params (string Name, string Value)[] arguments) =>
        new(id, name, arguments.ToDictionary(static a => a.Name, static a => (object?)a.Value, StringComparer.Ordinal));
}
