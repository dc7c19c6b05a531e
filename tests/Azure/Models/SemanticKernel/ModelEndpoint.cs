using System.ClientModel.Primitives;
using System.Net;
using System.Text.Json;
using Azure.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Models;
using MidnightOS.Core.Agents.Models;

namespace MidnightOS.Tests.Azure.Models.SemanticKernel;

/// <summary>Stands in for chat completions of Azure OpenAI: answers in order, requests kept. In process, since a token is never sent without TLS.</summary>
internal sealed class ModelEndpoint : HttpMessageHandler
{
    private readonly Queue<(HttpStatusCode Status, string Body)> _answers = new();

    /// <summary>The bodies of the requests.</summary>
    public List<JsonElement> Requests { get; } = [];

    /// <summary>A client of the provider <c>azure-openai</c> whose requests come here.</summary>
    public IChatClient Client()
    {
        var settings = Options.Create(new ModelOptions { Provider = ModelOptions.AzureOpenAi, Endpoint = new Uri("https://models.openai.azure.com"), Name = "bots" });
        return new AzureOpenAiModels(settings, new Identity()) { Transport = new HttpClientPipelineTransport(new HttpClient(this)) }.Create("bots");
    }

    /// <summary>Streams the pieces as the next answer.</summary>
    public void Streams(params string[] pieces) =>
        _answers.Enqueue((HttpStatusCode.OK, string.Concat(pieces.Select(static piece => $"data: {piece}\n\n")) + "data: [DONE]\n\n"));

    /// <summary>Fails as the next answer.</summary>
    public void Fails(HttpStatusCode status) => _answers.Enqueue((status, """{"error":{"message":"not now","code":"busy"}}"""));

    /// <summary>One piece of a stream.</summary>
    public static string Piece(string delta, string? finish = null) =>
        "{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"bots\",\"choices\":[{\"index\":0,\"delta\":" + delta
        + ",\"finish_reason\":" + (finish is null ? "null" : $"\"{finish}\"") + "}]}";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
        Requests.Add(document.RootElement.Clone());
        var (status, body) = _answers.Dequeue();
        return new HttpResponseMessage(status) { Content = new StringContent(body, null, status == HttpStatusCode.OK ? "text/event-stream" : "application/json") };
    }

    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
