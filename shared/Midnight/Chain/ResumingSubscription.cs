using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Midnight.Chain.GraphQl;

namespace MidnightOS.Midnight.Chain;

/// <summary>What every watch needs to subscribe and to resume.</summary>
internal sealed record Subscriptions(
    GraphQlSocketPool Sockets, IOptions<MidnightNetworkOptions> Options, TimeProvider Time, ChainMetrics Metrics, ILogger<Subscriptions> Logger);

/// <summary>A subscription that outlives connections: whenever it ends, it starts again from where its reader is.</summary>
/// <param name="services">What it needs.</param>
/// <param name="name">For logs and metrics.</param>
/// <param name="request">The request from where the reader is now.</param>
/// <param name="read">Reads an event; <see cref="JsonException"/> marks one that cannot be read.</param>
internal sealed class ResumingSubscription<T>(Subscriptions services, string name, Func<GraphQlRequest> request, Func<JsonElement, T> read)
    : IAsyncDisposable
{
    private GraphQlSubscription? _current;
    private int _failures;

    /// <summary>Counts the starts: when it changes, the server began anew.</summary>
    public int Starts { get; private set; }

    /// <summary>The reader is further than before, so that the next failure counts as the first.</summary>
    public void Progressed() => _failures = 0;

    /// <summary>The next event, for as long as it takes.</summary>
    public async Task<T> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _current ??= await StartAsync(cancellationToken);
            try
            {
                return read(await _current.ReadAsync(cancellationToken));
            }
            catch (Exception exception) when (exception is SubscriptionEndedException or GraphQlException or JsonException)
            {
                await RestartAsync(exception);
            }
        }
    }

    /// <summary>Gives the current subscription up; the next read starts a new one.</summary>
    public async ValueTask RestartAsync(Exception why)
    {
        var reason = (why as SubscriptionEndedException)?.Reason.ToString() ?? why.GetType().Name;
        services.Metrics.Resumed(name, reason);
        if (why is SubscriptionEndedException)
        {
            ChainLog.Resuming(services.Logger, name, why.Message);
        }
        else
        {
            ChainLog.Rejected(services.Logger, name, why.Message);
        }

        // A reader that was merely slow has to wait for nothing.
        _failures += why is SubscriptionEndedException { Reason: SubscriptionEnd.Overrun } ? 0 : 1;
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_current is { } current)
        {
            _current = null;
            await current.DisposeAsync();
        }
    }

    private async Task<GraphQlSubscription> StartAsync(CancellationToken cancellationToken)
    {
        var pause = Backoff.Delay(_failures, services.Options.Value.Resilience, Random.Shared.NextDouble());
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, services.Time, cancellationToken);
        }

        Starts++;
        return await services.Sockets.SubscribeAsync(request(), cancellationToken);
    }
}
