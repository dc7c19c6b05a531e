using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Agents.Models;

namespace MidnightOS.Tests.Unit.Agents;

/// <summary>A language model whose every round a test writes. It keeps what it was told.</summary>
internal sealed class FakeModel(Func<int, CancellationToken, IAsyncEnumerable<AIContent>> rounds) : IChatClient, IChatClientProvider
{
    private int _round;

    public FakeModel(params AIContent[][] rounds)
        : this((round, _) => Stream(round < rounds.Length ? rounds[round] : []))
    {
    }

    public List<IReadOnlyList<ChatMessage>> Told { get; } = [];

    public IChatClient For(AgentBot bot) => this;

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Told.Add([.. messages]);
        await foreach (var content in rounds(_round++, cancellationToken))
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [content]);
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The loop streams.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    public static FunctionCallContent Call(string tool, params (string Name, object? Value)[] arguments) =>
        new($"call_{tool}", tool, arguments.ToDictionary(static a => a.Name, static a => a.Value));

    public static FunctionCallContent Send(string to, string amount) => Call("send", ("to", to), ("amount", amount), ("token", "NIGHT"));

    public static async IAsyncEnumerable<AIContent> Stream(IEnumerable<AIContent> contents)
    {
        await Task.CompletedTask;
        foreach (var content in contents)
        {
            yield return content;
        }
    }
}
