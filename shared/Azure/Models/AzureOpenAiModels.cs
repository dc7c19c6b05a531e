using System.ClientModel.Primitives;
using Azure.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Agents.Models;
using MidnightOS.Core.Agents.Models.OpenAi;
using OpenAI;

namespace MidnightOS.Azure.Models;

/// <summary>Models of an Azure OpenAI resource: OpenAI's own protocol at <c>/openai/v1/</c>, signed in by the app's identity.</summary>
/// <remarks>The path and the scope: https://learn.microsoft.com/azure/ai-services/openai/api-version-lifecycle. The model's name is that of its deployment.</remarks>
internal sealed partial class AzureOpenAiModels(IOptions<ModelOptions> options, TokenCredential credential) : IRemoteModels
{
    private const string Scope = "https://cognitiveservices.azure.com/.default";

    private readonly OpenAiModels _others = new(options);
    private readonly BearerTokenPolicy _identity = new(credential, Scope);

    /// <summary>What carries requests; null for the network.</summary>
    public PipelineTransport? Transport { get; init; }

    public bool Speaks(string provider) => provider == ModelOptions.AzureOpenAi || _others.Speaks(provider);

    public IChatClient Create(string model)
    {
        var settings = options.Value;
        if (settings.Provider != ModelOptions.AzureOpenAi)
        {
            return _others.Create(model);
        }

        var client = new OpenAIClientOptions
        {
            Transport = Transport,
            Endpoint = new Uri(new Uri(settings.Endpoint!.AbsoluteUri.TrimEnd('/') + "/"), "openai/v1/"),

            // As everywhere: a second try would double the time-out of the turn.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        };
#pragma warning disable OPENAI001 // Signing in by another policy than a key: marked for evaluation for years, and what Microsoft documents for Azure OpenAI.
        return Over(new OpenAIClient(_identity, client), model);
#pragma warning restore OPENAI001
    }

    /// <summary>The chat client over the signed-in client: Semantic Kernel's in the azure edition.</summary>
    private static partial IChatClient Over(OpenAIClient client, string model);
}
