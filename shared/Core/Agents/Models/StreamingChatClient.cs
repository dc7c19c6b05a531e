using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace MidnightOS.Core.Agents.Models;

/// <summary>What clients of language models share: an answer is what was streamed, and the pieces of tool calls are put together when the stream has ended.</summary>
internal abstract class StreamingChatClient : IChatClient
{
    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var calls = new ToolCallPieces();
        await foreach (var update in StreamAsync(messages, options, calls, cancellationToken))
        {
            yield return update;
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
        // Nothing is held: the packages share their transports.
    }

    /// <summary>Asks the model.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The tools and settings.</param>
    /// <param name="calls">Takes the pieces of the answer's tool calls; whole ones may be in the updates.</param>
    /// <param name="cancellationToken">Stops the answer.</param>
    protected abstract IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, ToolCallPieces calls, CancellationToken cancellationToken);
}
