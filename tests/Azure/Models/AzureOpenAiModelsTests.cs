using System.ClientModel.Primitives;
using Azure.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Models;
using MidnightOS.Core;
using MidnightOS.Core.Agents.Models;

namespace MidnightOS.Tests.Azure.Models;

/// <summary>What is sent to Azure OpenAI, seen by a server of the test.</summary>
public sealed class AzureOpenAiModelsTests
{
    [Fact]
    public async Task Create_Deployment_IsAskedByItsNameAndSignedInByIdentity()
    {
        var network = new Network();
        using var http = new HttpClient(network);
        var settings = Options.Create(new ModelOptions { Provider = "azure-openai", Endpoint = new Uri("https://models.openai.azure.com"), Name = "bots" });
        using var client = new AzureOpenAiModels(settings, new Identity()) { Transport = new HttpClientPipelineTransport(http) }.Create("bots");
        var answer = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "hello")]);

        Assert.Equal("Hello.", answer.Text);
        Assert.Equal("https://models.openai.azure.com/openai/v1/chat/completions", network.Address);
        Assert.Equal("Bearer of https://cognitiveservices.azure.com/.default", network.Authorization);
        Assert.Contains("\"model\":\"bots\"", network.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "Model:Provider is one of the azure edition")]
    public void Options_OfTheProvider_AreTakenInTheAzureEditionAlone(bool azure, string? refused)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Model:Provider"] = "azure-openai", ["Model:Endpoint"] = "https://models.openai.azure.com/", ["Model:Name"] = "bots",
        }).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddCore();
        using var provider = (azure ? services.AddSingleton<TokenCredential>(new Identity()).AddAzureModels() : services).BuildServiceProvider();
        var problem = Record.Exception(() => provider.GetRequiredService<IOptions<ModelOptions>>().Value);
        Assert.Equal(refused is null, problem is null);
        Assert.StartsWith(refused ?? "", problem?.Message ?? "", StringComparison.Ordinal);
    }

    // A token is never sent without TLS, so a server of the test's own will not do.
    private sealed class Network : HttpMessageHandler
    {
        public string? Address { get; private set; }

        public string? Authorization { get; private set; }

        public string Body { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Address, Authorization, Body) = (request.RequestUri!.ToString(), request.Headers.Authorization?.ToString(), await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage
            {
                Content = new StringContent(
                    """
                    data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"bots","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}

                    data: [DONE]


                    """,
                    null,
                    "text/event-stream"),
            };
        }
    }

    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new($"of {requestContext.Scopes[0]}", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
