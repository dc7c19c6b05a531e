using System.ClientModel;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
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
        var calls = new SortedDictionary<int, CallParts>();
        var settings = OpenAiMessages.Options(options);
        await foreach (var update in client.CompleteChatStreamingAsync(messages.SelectMany(OpenAiMessages.Of), settings, cancellationToken))
        {
            foreach (var part in update.ToolCallUpdates)
            {
                Collect(calls, part);
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
            yield return new ChatResponseUpdate(ChatRole.Assistant, [.. calls.Values.Select(static call => call.ToContent())]);
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

    private static void Collect(SortedDictionary<int, CallParts> calls, StreamingChatToolCallUpdate part)
    {
        if (!calls.TryGetValue(part.Index, out var call))
        {
            calls[part.Index] = call = new CallParts();
        }

        call.Id = string.IsNullOrEmpty(part.ToolCallId) ? call.Id : part.ToolCallId;
        call.Name = string.IsNullOrEmpty(part.FunctionName) ? call.Name : part.FunctionName;
        call.Arguments.Append(part.FunctionArgumentsUpdate?.ToString());
    }

    private sealed class CallParts
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();

        public FunctionCallContent ToContent()
        {
            var json = Arguments.Length == 0 ? "{}" : Arguments.ToString();
            return FunctionCallContent.CreateFromParsedArguments(
                json, Id, Name, static text => JsonSerializer.Deserialize<Dictionary<string, object?>>(text));
        }
    }
}
