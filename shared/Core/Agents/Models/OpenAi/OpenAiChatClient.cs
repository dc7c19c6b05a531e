using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace MidnightOS.Core.Agents.Models.OpenAi;

/// <summary>OpenAI's chat completions as an <see cref="IChatClient"/>: text and function calls, streamed.</summary>
internal sealed class OpenAiChatClient(ChatClient client) : StreamingChatClient
{
    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<AiMessage> messages, ChatOptions? options, ToolCallPieces calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settings = OpenAiMessages.Options(options);
        await foreach (var update in client.CompleteChatStreamingAsync(messages.SelectMany(OpenAiMessages.Of), settings, cancellationToken))
        {
            foreach (var part in update.ToolCallUpdates)
            {
                calls.Add(part.Index, part.ToolCallId, part.FunctionName, part.FunctionArgumentsUpdate?.ToString());
            }

            var text = string.Concat(update.ContentUpdate.Select(static part => part.Text));
            if (text.Length > 0)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, text);
            }

            if (update.Usage is { } usage)
            {
                var spent = new UsageDetails { InputTokenCount = usage.InputTokenCount, OutputTokenCount = usage.OutputTokenCount };
                yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(spent)]);
            }
        }
    }
}
