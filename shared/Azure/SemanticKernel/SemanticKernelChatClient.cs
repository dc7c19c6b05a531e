using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using MidnightOS.Core.Agents.Models;
using OpenAI.Chat;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace MidnightOS.Azure.SemanticKernel;

/// <summary>Semantic Kernel's chat completion as an <see cref="IChatClient"/>: the bot's tools are a plugin that the model may propose calls of, and the caller decides on them.</summary>
/// <remarks>Semantic Kernel's own <c>AsChatClient</c> reads each streamed piece of a call's arguments as whole JSON and fails at the first, so calls are put together here.</remarks>
internal sealed class SemanticKernelChatClient(IChatCompletionService service) : StreamingChatClient
{
    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<AiMessage> messages, ChatOptions? options, ToolCallPieces calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var kernel = new Kernel();
        var settings = Settings(options, kernel);
        await foreach (var update in service.GetStreamingChatMessageContentsAsync(KernelMessages.Of(messages), settings, kernel, cancellationToken))
        {
            foreach (var part in update.Items.OfType<StreamingFunctionCallUpdateContent>())
            {
                calls.Add(part.FunctionCallIndex, part.CallId, part.Name is null ? null : BotPlugin.ToolName(part.Name), part.Arguments);
            }

            if (Told(update) is { } told)
            {
                yield return told;
            }
        }
    }

    private static OpenAIPromptExecutionSettings Settings(ChatOptions? options, Kernel kernel)
    {
        var settings = new OpenAIPromptExecutionSettings { Temperature = options?.Temperature, MaxTokens = options?.MaxOutputTokens };
        var tools = (options?.Tools ?? []).OfType<AIFunctionDeclaration>().ToList();
        if (tools.Count > 0)
        {
            kernel.Plugins.Add(BotPlugin.Of(tools));
            settings.FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(autoInvoke: false);
        }

        return settings;
    }

    // Text, and of the last pieces the reason of the end and the tokens.
    private static ChatResponseUpdate? Told(StreamingChatMessageContent update)
    {
        var piece = update.InnerContent as StreamingChatCompletionUpdate;
        var told = new ChatResponseUpdate { Role = ChatRole.Assistant, FinishReason = Reason(piece?.FinishReason) };
        if (!string.IsNullOrEmpty(update.Content))
        {
            told.Contents.Add(new Microsoft.Extensions.AI.TextContent(update.Content));
        }

        if (piece?.Usage is { } usage)
        {
            told.Contents.Add(new UsageContent(new UsageDetails
            {
                InputTokenCount = usage.InputTokenCount, OutputTokenCount = usage.OutputTokenCount, TotalTokenCount = usage.TotalTokenCount,
            }));
        }

        return told.Contents.Count > 0 || told.FinishReason is not null ? told : null;
    }

    private static Microsoft.Extensions.AI.ChatFinishReason? Reason(OpenAI.Chat.ChatFinishReason? reason) => reason switch
    {
        OpenAI.Chat.ChatFinishReason.Stop => Microsoft.Extensions.AI.ChatFinishReason.Stop,
        OpenAI.Chat.ChatFinishReason.Length => Microsoft.Extensions.AI.ChatFinishReason.Length,
        OpenAI.Chat.ChatFinishReason.ContentFilter => Microsoft.Extensions.AI.ChatFinishReason.ContentFilter,
        OpenAI.Chat.ChatFinishReason.ToolCalls or OpenAI.Chat.ChatFinishReason.FunctionCall => Microsoft.Extensions.AI.ChatFinishReason.ToolCalls,
        _ => null,
    };
}
