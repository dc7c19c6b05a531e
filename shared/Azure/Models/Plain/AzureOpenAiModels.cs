using Microsoft.Extensions.AI;
using MidnightOS.Core.Agents.Models.OpenAi;
using OpenAI;

namespace MidnightOS.Azure.Models;

/// <content>Without Semantic Kernel, which the azure edition alone restores; so address and sign-in are tested in every edition.</content>
internal sealed partial class AzureOpenAiModels
{
    private static partial IChatClient Over(OpenAIClient client, string model) => new OpenAiChatClient(client.GetChatClient(model));
}
