using Microsoft.Extensions.Options;

namespace MidnightOS.Midnight.Chain;

/// <summary>Where the chain's services are.</summary>
/// <param name="Indexer">GraphQL over HTTP.</param>
/// <param name="IndexerSocket">GraphQL over WebSocket (graphql-transport-ws).</param>
/// <param name="Node">JSON-RPC over HTTP.</param>
internal sealed record ChainEndpoints(Uri Indexer, Uri IndexerSocket, Uri Node)
{
    private const string GraphQlPath = "/api/v4/graphql";

    /// <summary>The devnet's faucet, on the indexer's port.</summary>
    public Uri Faucet => new(Indexer, "/faucet");

    public static ChainEndpoints Of(MidnightNetworkOptions options)
    {
        if (!MidnightNetworks.TryGet(options.Network, out var network))
        {
            throw new ArgumentException($"Unknown network {options.Network}.", nameof(options));
        }

        var indexer = string.IsNullOrWhiteSpace(options.Indexer) ? network.Indexer : WithPath(new Uri(options.Indexer, UriKind.Absolute));
        var socket = string.IsNullOrWhiteSpace(options.IndexerWebSocket) ? SocketOf(indexer) : new Uri(options.IndexerWebSocket, UriKind.Absolute);
        var node = string.IsNullOrWhiteSpace(options.Node) ? network.Node : new Uri(options.Node, UriKind.Absolute);
        return new ChainEndpoints(indexer, socket, node);
    }

    private static Uri WithPath(Uri uri) => uri.AbsolutePath == "/" ? new Uri(uri, GraphQlPath) : uri;

    private static Uri SocketOf(Uri indexer) => new UriBuilder(indexer)
    {
        Scheme = indexer.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
        Port = indexer.Port,
        Path = indexer.AbsolutePath.TrimEnd('/') + "/ws",
    }.Uri;
}

/// <summary>Gives the endpoints when a call needs them. A host that runs its own devnet replaces it with one that waits for the devnet's ready line.</summary>
internal interface IChainEndpointSource
{
    ValueTask<ChainEndpoints> GetAsync(CancellationToken cancellationToken);
}

/// <summary>The endpoints of the configuration.</summary>
internal sealed class ConfiguredEndpoints(IOptions<MidnightNetworkOptions> options) : IChainEndpointSource
{
    private readonly ChainEndpoints _endpoints = ChainEndpoints.Of(options.Value);

    public ValueTask<ChainEndpoints> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_endpoints);
}
