using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace MidnightOS.Midnight.Chain.GraphQl;

/// <summary>One WebSocket that speaks graphql-transport-ws and carries many subscriptions. It does not reconnect: when it ends, all its subscriptions end.</summary>
/// <remarks>
/// Own code, because GraphQL.Client does not fit: after a reconnection it repeats the original request instead of resuming
/// behind the last event, and it buffers without bound.
/// </remarks>
internal sealed class GraphQlSocket : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, GraphQlSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly SocketTransport _transport;
    private readonly ChainResilienceOptions _options;
    private readonly ILogger _logger;
    private readonly KeepAlive _keepAlive;
    private readonly TimeProvider _time;
    private Task _running = Task.CompletedTask;
    private long _lastId;
    private bool _closed;

    private GraphQlSocket(long number, ChainResilienceOptions options, TimeProvider time, ILogger logger)
    {
        Number = number;
        _options = options;
        _logger = logger;
        _time = time;
        _transport = new SocketTransport(options.MaxResponseBytes);
        _keepAlive = new KeepAlive(options.KeepAlive, time);
    }

    public long Number { get; }

    /// <summary>Whether nobody uses it.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _subscriptions.Count == 0;
            }
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Connects and waits for the server's acknowledgement, as long as an attempt may take.</summary>
    public static async Task<GraphQlSocket> OpenAsync(
        long number, Uri uri, ChainResilienceOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var socket = new GraphQlSocket(number, options, time, logger);
        try
        {
            using var limit = new CancellationTokenSource(options.AttemptTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await socket._transport.OpenAsync(uri, either.Token);
        }
        catch
        {
            socket._transport.Abort();
            await socket.DisposeAsync();
            throw;
        }

        socket._running = socket.RunAsync();
        return socket;
    }

    /// <summary>Reserves a place; null when it is full or closed. <see cref="StartAsync"/> then asks the server.</summary>
    public GraphQlSubscription? TryAdd(GraphQlRequest request, Func<GraphQlSubscription, ValueTask> release)
    {
        lock (_gate)
        {
            if (_closed || _subscriptions.Count >= _options.SubscriptionsPerSocket)
            {
                return null;
            }

            var subscription = new GraphQlSubscription($"{++_lastId}", request, _options, release);
            _subscriptions.Add(subscription.Id, subscription);
            return subscription;
        }
    }

    public Task StartAsync(GraphQlSubscription subscription, CancellationToken cancellationToken) =>
        _transport.SendAsync(SocketFrame.Subscribe(subscription.Id, subscription.Request), cancellationToken);

    /// <summary>Frees the place and, when the server still sends, tells it to stop.</summary>
    public async ValueTask RemoveAsync(GraphQlSubscription subscription)
    {
        if (Take(subscription.Id) is not null)
        {
            await _transport.SendAsync(SocketFrame.Complete(subscription.Id), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        await _running;
    }

    private async Task RunAsync()
    {
        var ending = _transport.Ending;
        var beating = _keepAlive.RunAsync(token => _transport.SendAsync(SocketFrame.Ping, token), _transport.Abort, ending.Token);
        Exception? problem = null;
        try
        {
            var buffer = new ArrayBufferWriter<byte>();
            while (await _transport.ReceiveAsync(buffer, ending.Token))
            {
                _keepAlive.Heard();
                await HandleAsync(SocketFrame.Read(buffer.WrittenSpan), buffer.WrittenCount);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or JsonException or OperationCanceledException)
        {
            problem = exception;
        }
        finally
        {
            End(problem);
        }

        await ending.CancelAsync();
        await beating;
    }

    private async ValueTask HandleAsync(SocketFrame frame, int size)
    {
        switch (frame.Type)
        {
            case "next":
                await DeliverAsync(frame, size);
                break;
            case "error":
                Take(frame.Id)?.End(new GraphQlException("subscription", SocketFrame.Errors(frame.Payload)));
                break;
            case "complete":
                Take(frame.Id)?.End(new SubscriptionEndedException(SubscriptionEnd.Completed, "The server ended the subscription."));
                break;
            case "ping":
                await _transport.SendAsync(SocketFrame.Pong, CancellationToken.None);
                break;
            case "pong" or "connection_ack":
                break;
            default:
                throw new JsonException($"An unknown message {frame.Type}.");
        }
    }

    // Events of a subscription that was just ended may still be on their way; they are dropped.
    private async ValueTask DeliverAsync(SocketFrame frame, int size)
    {
        var subscription = Find(frame.Id);
        if (subscription is null || await subscription.DeliverAsync(frame.Payload, size, _time))
        {
            return;
        }

        // The server hears of the end before the reader does, which subscribes again at once.
        Take(subscription.Id);
        await _transport.SendAsync(SocketFrame.Complete(subscription.Id), CancellationToken.None);
        subscription.End(new SubscriptionEndedException(SubscriptionEnd.Overrun, "The reader is slower than the server."));
    }

    private GraphQlSubscription? Find(string? id)
    {
        lock (_gate)
        {
            return id is null ? null : _subscriptions.GetValueOrDefault(id);
        }
    }

    private GraphQlSubscription? Take(string? id)
    {
        lock (_gate)
        {
            return id is not null && _subscriptions.Remove(id, out var subscription) ? subscription : null;
        }
    }

    private void End(Exception? problem)
    {
        GraphQlSubscription[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _subscriptions.Values];
            _subscriptions.Clear();
        }

        var words = _keepAlive.GaveUp ? "no sign of life" : problem?.Message ?? _transport.CloseReason;
        ChainLog.SocketClosed(_logger, Number, words);
        foreach (var subscription in left)
        {
            subscription.End(new SubscriptionEndedException(SubscriptionEnd.Closed, words, problem));
        }

        _transport.Abort();
    }
}
