using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using MidnightOS.Azure.SemanticKernel;
using OpenAI;

namespace MidnightOS.Azure.Models;

/// <content>With Semantic Kernel.</content>
internal sealed partial class AzureOpenAiModels
{
    // No logger: Semantic Kernel writes whole conversations at its lowest level.
    private static partial IChatClient Over(OpenAIClient client, string model) => new SemanticKernelChatClient(new OpenAIChatCompletionService(model, client));
}
