using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;
using Message = OpenAI.Chat.ChatMessage;

namespace MidnightOS.Core.Agents.Models.OpenAi;

/// <summary>Messages and settings in OpenAI's form.</summary>
internal static class OpenAiMessages
{
    /// <summary>The messages that one message becomes: each tool result is one of its own.</summary>
    public static IEnumerable<Message> Of(AiMessage message)
    {
        if (message.Role == ChatRole.System)
        {
            return [new SystemChatMessage(message.Text)];
        }

        if (message.Role == ChatRole.Tool)
        {
            return message.Contents.OfType<FunctionResultContent>()
                .Select(static result => new ToolChatMessage(result.CallId, JsonSerializer.Serialize(result.Result)));
        }

        return [message.Role == ChatRole.Assistant ? Assistant(message) : new UserChatMessage(message.Text)];
    }

    /// <summary>The settings; null when there is nothing to set.</summary>
    public static ChatCompletionOptions? Options(ChatOptions? options)
    {
        if (options is null)
        {
            return null;
        }

        var settings = new ChatCompletionOptions { Temperature = options.Temperature, MaxOutputTokenCount = options.MaxOutputTokens };
        foreach (var tool in (options.Tools ?? []).OfType<AIFunctionDeclaration>())
        {
            settings.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        }

        return settings;
    }

    private static AssistantChatMessage Assistant(AiMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(static call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(JsonSerializer.Serialize(call.Arguments))))
            .ToList();
        if (calls.Count == 0)
        {
            return new AssistantChatMessage(message.Text);
        }

        var assistant = new AssistantChatMessage(calls);
        if (message.Text.Length > 0)
        {
            assistant.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        }

        return assistant;
    }
}
