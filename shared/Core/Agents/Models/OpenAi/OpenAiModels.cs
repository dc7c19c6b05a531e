using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;

namespace MidnightOS.Core.Agents.Models.OpenAi;

/// <summary>Models at an endpoint that speaks OpenAI's chat completions.</summary>
internal sealed class OpenAiModels(IOptions<ModelOptions> options) : IRemoteModels
{
    public bool Speaks(string provider) => provider == ModelOptions.OpenAi;

    public IChatClient Create(string model)
    {
        var settings = options.Value;
        var client = new OpenAIClientOptions
        {
            Endpoint = settings.Endpoint,
            // A second try would double the time-out of the turn; the user sees what happened and asks again.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        };
        return new OpenAiChatClient(new ChatClient(model, new ApiKeyCredential(settings.ApiKey!), client));
    }
}
