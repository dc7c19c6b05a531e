using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Chain;

/// <summary>What is known of the networks by name.</summary>
/// <remarks>Public addresses: "Environments and endpoints", https://docs.midnight.network/networks/preview. Devnet: the official services' usual ports.</remarks>
internal static class MidnightNetworks
{
    private static readonly Dictionary<string, MidnightNetwork> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["devnet"] = new("devnet", NetworkId.Undeployed, new Uri("http://127.0.0.1:8088/api/v4/graphql"), new Uri("http://127.0.0.1:9944/")),
        ["preview"] = Public("preview"),
        ["preprod"] = Public("preprod"),
        ["mainnet"] = Public("mainnet"),
    };

    public static IEnumerable<string> Names => Known.Keys;

    public static bool TryGet(string? name, out MidnightNetwork network) => Known.TryGetValue(name ?? "", out network!);

    private static MidnightNetwork Public(string name) =>
        new(name, new NetworkId(name), new Uri($"https://indexer.{name}.midnight.network/api/v4/graphql"), new Uri($"https://rpc.{name}.midnight.network/"));
}

/// <summary>A network and where its public services are.</summary>
internal sealed record MidnightNetwork(string Name, NetworkId Id, Uri Indexer, Uri Node)
{
    // Devnet takes transactions at a zero fee price; a live network wants DUST, which no wallet here can spend so far.
    public NetworkProfile Profile => new(
        Name,
        Id,
        Id.IsLive ? $"Nothing can be sent on {Name} so far: DUST fees cannot be paid yet. Reading balances and transfers works." : null);
}
