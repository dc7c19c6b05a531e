using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using MidnightOS.Core.Agents.Models;

namespace MidnightOS.Core.Agents.Scripted;

/// <summary>A language model without a network: it plans tool calls from plain English by a grammar, always the same from the same conversation.</summary>
/// <remarks>It keeps no state: what it asked before follows from the conversation that it is given.</remarks>
internal sealed class ScriptedChatClient(string name) : StreamingChatClient
{
    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, ToolCallPieces calls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var content in Answer([.. messages], options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, [content]);
        }
    }

    private IEnumerable<AIContent> Answer(List<ChatMessage> messages, ChatOptions? options)
    {
        var (plan, refused) = Available(Plan(messages), options);
        var closings = refused ? plan.Closings.Append(ScriptedLines.NotSetUp) : plan.Closings;
        if (messages.LastOrDefault()?.Role == ChatRole.Tool)
        {
            return Words(closings);
        }

        return plan.Calls.Count == 0
            ? Words(plan.Openings.Concat(closings))
            : Words(plan.Openings).Concat(plan.Calls.Select(ToContent));
    }

    // The question of one message may be answered by the next one, and by that one only.
    private ScriptedPlan Plan(List<ChatMessage> messages)
    {
        var plan = new ScriptedPlan([], [], [], null);
        foreach (var message in messages.Where(static message => message.Role == ChatRole.User))
        {
            plan = PlainEnglish.Plan(name, message.Text, plan.Pending);
        }

        return plan;
    }

    private static (ScriptedPlan Plan, bool Refused) Available(ScriptedPlan plan, ChatOptions? options)
    {
        var tools = (options?.Tools ?? []).Select(static tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        var calls = plan.Calls.Where(call => tools.Contains(call.Tool)).ToList();
        return (plan with { Calls = calls }, calls.Count < plan.Calls.Count);
    }

    private static FunctionCallContent ToContent(PlannedCall call, int index) =>
        new($"call_{index + 1}", call.Tool, call.Arguments.ToDictionary(StringComparer.Ordinal));

    private static IEnumerable<AIContent> Words(IEnumerable<string> sentences) =>
        string.Join(' ', sentences).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static (word, index) => new TextContent(index == 0 ? word : " " + word));
}
