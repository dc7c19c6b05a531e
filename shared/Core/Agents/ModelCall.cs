using Microsoft.Extensions.AI;

namespace MidnightOS.Core.Agents;

/// <summary>One streamed call of a language model under a time-out. What goes wrong in the model becomes a value; the turn goes on honestly without it.</summary>
internal sealed class ModelCall : IAsyncDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;
    private readonly CancellationToken _caller;
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;
    private Task<bool>? _pending;

    private ModelCall(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationTokenSource timer, CancellationTokenSource linked, CancellationToken caller) =>
        (_updates, _timer, _linked, _caller) = (updates, timer, linked, caller);

    /// <summary>Why the call failed; null while it has not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Starts a call.</summary>
    public static ModelCall Start(
        IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, (TimeProvider Time, TimeSpan Limit) timeout, CancellationToken cancellationToken)
    {
        var timer = new CancellationTokenSource(timeout.Limit, timeout.Time);
        var linked = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var updates = client.GetStreamingResponseAsync(messages, options, linked.Token).GetAsyncEnumerator(linked.Token);
        return new ModelCall(updates, timer, linked, cancellationToken);
    }

    /// <summary>The next update; null at the end and after a failure.</summary>
    public async Task<ChatResponseUpdate?> NextAsync()
    {
        if (Failure is not null)
        {
            return null;
        }

        try
        {
            _pending = _updates.MoveNextAsync().AsTask();
            return await _pending.WaitAsync(_linked.Token) ? _updates.Current : null;
        }
        catch (Exception exception) when (!_caller.IsCancellationRequested)
        {
            // A model is a foreign service: whatever it throws, also a time-out, ends this call and not the turn.
            Failure = exception;
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_pending is { IsCompleted: false })
        {
            // A stream that ignores its cancellation cannot be disposed while it moves; it is when it stops.
            _ = _pending.ContinueWith(_ => _updates.DisposeAsync().AsTask(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        else
        {
            await _updates.DisposeAsync();
        }

        _linked.Dispose();
        _timer.Dispose();
    }
}
