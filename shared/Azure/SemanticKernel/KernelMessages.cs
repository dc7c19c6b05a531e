using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using KernelCall = Microsoft.SemanticKernel.FunctionCallContent;
using KernelResult = Microsoft.SemanticKernel.FunctionResultContent;

namespace MidnightOS.Azure.SemanticKernel;

/// <summary>A conversation in Semantic Kernel's form.</summary>
internal static class KernelMessages
{
    /// <summary>The messages with their tool calls and results.</summary>
    public static ChatHistory Of(IEnumerable<ChatMessage> messages)
    {
        var history = new ChatHistory();
        foreach (var message in messages)
        {
            history.Add(Of(message));
        }

        return history;
    }

    private static ChatMessageContent Of(ChatMessage message)
    {
        if (message.Role == ChatRole.Tool)
        {
            return new ChatMessageContent(AuthorRole.Tool, [.. message.Contents.OfType<Microsoft.Extensions.AI.FunctionResultContent>()
                .Select(static result => new KernelResult(callId: result.CallId, result: JsonSerializer.Serialize(result.Result)))]);
        }

        var said = new ChatMessageContent(new AuthorRole(message.Role.Value), message.Text);
        foreach (var call in message.Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>())
        {
            said.Items.Add(new KernelCall(call.Name, BotPlugin.Name, call.CallId, Arguments(call)));
        }

        return said;
    }

    // One by one: Semantic Kernel takes names that differ by case alone as the same, and a copy of both would throw.
    private static KernelArguments Arguments(Microsoft.Extensions.AI.FunctionCallContent call)
    {
        var arguments = new KernelArguments();
        foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
        {
            arguments[name] = value;
        }

        return arguments;
    }
}
