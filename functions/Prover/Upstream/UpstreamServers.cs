using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MidnightOS.Prover.Upstream;

/// <summary>The proof servers that work goes to, asked again and again how they are.</summary>
internal sealed class UpstreamServers : BackgroundService
{
    /// <summary>The name of the client that asks them.</summary>
    public const string ClientName = "upstream";

    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(4);

    private readonly TimeProvider _time;

    public UpstreamServers(IOptions<ProverOptions> options, IHttpClientFactory http, UpstreamMetrics metrics, TimeProvider time, ILogger<UpstreamServers> logger)
    {
        _time = time;
        All = [.. options.Value.UpstreamAddresses.Select((address, index) => new UpstreamServer(index + 1, address, http.CreateClient(ClientName), metrics, time, logger))];
        metrics.Watch(All);
    }

    /// <summary>All of them, in the order of the setting.</summary>
    public IReadOnlyList<UpstreamServer> All { get; }

    /// <summary>Those that may be asked now, the best first: not busy, with the least to do for this host, the first of the setting.</summary>
    public IReadOnlyList<UpstreamServer> InOrder() =>
        [.. All.Where(static server => server.IsUsable).OrderBy(static server => server.Health == UpstreamHealth.Busy).ThenBy(static server => server.Open)];

    /// <summary>Asks all how they are.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(CheckTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Task.WhenAll(All.Select(server => server.CheckAsync(either.Token)));
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var server in All)
        {
            server.Dispose();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckEvery, _time);
        do
        {
            await CheckAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
