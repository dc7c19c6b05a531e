using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace MidnightOS.Core.Agents.Models.OpenAi;

/// <summary>OpenAI's chat completions as an <see cref="IChatClient"/>: text and function calls, streamed.</summary>
internal sealed class OpenAiChatClient(ChatClient client) : IChatClient
{
    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<AiMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<AiMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var calls = new ToolCallPieces();
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

        if (calls.Count > 0)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [.. calls.ToContents()]);
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType?.IsInstanceOfType(this) == true ? this : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        // The client's transport is shared by the package.
    }
}
