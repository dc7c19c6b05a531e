using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Chain.GraphQl;

/// <summary>The sockets to the indexer: as many as the subscriptions need, opened one after the other with back-off.</summary>
internal sealed class GraphQlSocketPool(
    IChainEndpointSource endpoints, IOptions<MidnightNetworkOptions> options, TimeProvider time, ChainMetrics metrics, ILogger<GraphQlSocketPool> logger)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<GraphQlSocket> _sockets = [];
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private long _opened;
    private int _failures;

    private ChainResilienceOptions Resilience => options.Value.Resilience;

    /// <summary>Starts a subscription on a socket with room; it waits, for as long as it takes, until the indexer can be reached.</summary>
    public async Task<GraphQlSubscription> SubscribeAsync(GraphQlRequest request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        while (true)
        {
            if ((TryTake(request) ?? await OpenAndTakeAsync(request, either.Token)) is not var (socket, subscription))
            {
                continue;
            }

            metrics.Subscribed(1);
            await StartAsync(socket, subscription, either.Token);
            return subscription;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        GraphQlSocket[] left;
        lock (_gate)
        {
            left = [.. _sockets];
            _sockets.Clear();
        }

        foreach (var socket in left)
        {
            await socket.DisposeAsync();
        }
    }

    private static async Task StartAsync(GraphQlSocket socket, GraphQlSubscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            await socket.StartAsync(subscription, cancellationToken);
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    private (GraphQlSocket Socket, GraphQlSubscription Subscription)? TryTake(GraphQlRequest request)
    {
        lock (_gate)
        {
            _sockets.RemoveAll(socket => socket.IsClosed);
            foreach (var socket in _sockets)
            {
                if (socket.TryAdd(request, subscription => ReleaseAsync(socket, subscription)) is { } subscription)
                {
                    return (socket, subscription);
                }
            }

            return null;
        }
    }

    // One attempt at a time, and its pause is everybody's: an indexer that comes back is not met by every watcher at once.
    private async Task<(GraphQlSocket Socket, GraphQlSubscription Subscription)?> OpenAndTakeAsync(
        GraphQlRequest request, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (TryTake(request) is { } taken)
            {
                return taken;
            }

            await OpenAsync(cancellationToken);
            return TryTake(request);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var target = await endpoints.GetAsync(cancellationToken);
            var socket = await GraphQlSocket.OpenAsync(++_opened, target.IndexerSocket, Resilience, time, logger, cancellationToken);
            lock (_gate)
            {
                _sockets.Add(socket);
            }

            _failures = 0;
            metrics.Connected(success: true);
            ChainLog.SocketOpened(logger, socket.Number);
        }
        catch (Exception exception) when (IsOutage(exception) && !cancellationToken.IsCancellationRequested)
        {
            metrics.Connected(success: false);
            var delay = Backoff.Delay(++_failures, Resilience, Random.Shared.NextDouble());
            ChainLog.SocketRefused(logger, exception.Message, _failures, delay);
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private static bool IsOutage(Exception exception) =>
        exception is WebSocketException or IOException or JsonException or HttpRequestException or OperationCanceledException or ChainUnavailableException;

    private async ValueTask ReleaseAsync(GraphQlSocket socket, GraphQlSubscription subscription)
    {
        metrics.Subscribed(-1);
        await socket.RemoveAsync(subscription);
        lock (_gate)
        {
            if (_sockets.Count < 2 || !socket.IsIdle || !_sockets.Remove(socket))
            {
                return;
            }
        }

        await socket.DisposeAsync();
    }
}
