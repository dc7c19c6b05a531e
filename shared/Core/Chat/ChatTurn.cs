using System.Runtime.CompilerServices;
using System.Text;
using MidnightOS.Core.Agents;

namespace MidnightOS.Core.Chat;

/// <summary>A turn whose message is stored and whose time has come.</summary>
public sealed class ChatTurn : IAsyncDisposable
{
    private readonly TurnLock _lock;
    private readonly RunningTurn? _running;
    private readonly ChatAnswer? _known;

    internal ChatTurn(TurnLock held, RunningTurn running) => (_lock, _running) = (held, running);

    internal ChatTurn(TurnLock held, ChatAnswer known) => (_lock, _known) = (held, known);

    /// <summary>Answers the message. The stream ends without <see cref="ChatEvent.Finished"/> only when another host has taken the conversation over.</summary>
    public IAsyncEnumerable<ChatEvent> RunAsync(CancellationToken cancellationToken) =>
        _known is { } known ? ReplayAsync(known) : _running!.RunAsync(_lock.Lost, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_running is not null)
            {
                await _running.EndAsync(_lock.Lost);
            }
        }
        finally
        {
            await _lock.DisposeAsync();
        }
    }

    private static async IAsyncEnumerable<ChatEvent> ReplayAsync(ChatAnswer known)
    {
        await Task.CompletedTask;
        foreach (var call in known.ToolCalls)
        {
            yield return new ChatEvent.Tool(call);
        }

        yield return new ChatEvent.Delta(known.Response);
        yield return new ChatEvent.Finished(known);
    }
}

/// <summary>A turn that is answered. However it ends, the conversation says so.</summary>
internal sealed class RunningTurn(
    OpenTurn open, ChatJournal journal, CloseOpenTurn close, Func<CancellationToken, IAsyncEnumerable<AgentEvent>> answer)
{
    private readonly StringBuilder _said = new();
    private readonly List<ToolCall> _calls = [];
    private bool _closed;

    public async IAsyncEnumerable<ChatEvent> RunAsync(CancellationToken lost, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, cancellationToken);
        await using var steps = answer(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync(steps, lost, cancellationToken))
        {
            switch (steps.Current)
            {
                case AgentEvent.Text { Value.Length: > 0 } text:
                    _said.Append(text.Value);
                    yield return new ChatEvent.Delta(text.Value);
                    break;
                case AgentEvent.Tool tool:
                    _calls.Add(tool.Call);
                    yield return new ChatEvent.Tool(tool.Call);
                    break;
            }
        }

        if (lost.IsCancellationRequested)
        {
            yield break;
        }

        var transactions = _calls.SelectMany(static call => call.TransactionIds).Distinct(StringComparer.Ordinal).ToList();
        var stored = await journal.CloseAsync(open, new TurnAnswer(_said.ToString(), _calls, transactions), cancellationToken);
        _closed = true;
        if (stored is not null)
        {
            var reply = stored.Reply;
            yield return new ChatEvent.Finished(new ChatAnswer(reply.Content, reply.ConversationId, reply.CreatedAt, _calls, transactions));
        }
    }

    // A lease that was lost ends the stream; the host that has it now closes the turn.
    private static async Task<bool> NextAsync(IAsyncEnumerator<AgentEvent> steps, CancellationToken lost, CancellationToken cancellationToken)
    {
        try
        {
            return !lost.IsCancellationRequested && await steps.MoveNextAsync();
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Closes the turn from the records when it was cut off; the next message does it when that fails too.</summary>
    public async Task EndAsync(CancellationToken lost)
    {
        if (!_closed && !lost.IsCancellationRequested)
        {
            _closed = true;
            await close.TryRunAsync(open, _said.ToString(), _calls);
        }
    }
}
