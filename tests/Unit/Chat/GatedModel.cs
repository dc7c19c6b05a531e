using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using MidnightOS.Core.Agents;
using MidnightOS.Core.Agents.Models;

namespace MidnightOS.Tests.Unit.Chat;

/// <summary>A model that answers when a test lets it.</summary>
internal sealed class GatedModel : IChatClient, IChatClientProvider
{
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _watchers = [];
    private int _entered;

    public TaskCompletionSource Open { get; set; } = new();

    public IChatClient For(AgentBot bot) => this;

    /// <summary>Completes when so many calls have come in.</summary>
    public Task Entered(int count)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((count, reached));
            Notify();
            return reached.Task;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _entered++;
            Notify();
        }

        await Open.Task.WaitAsync(cancellationToken);
        yield return new ChatResponseUpdate(ChatRole.Assistant, "Fine.");
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The loop streams.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private void Notify()
    {
        foreach (var watcher in _watchers.Where(watcher => watcher.Count <= _entered))
        {
            watcher.Reached.TrySetResult();
        }
    }
}
