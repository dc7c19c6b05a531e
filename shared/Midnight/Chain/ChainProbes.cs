using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Health;
using MidnightOS.Midnight.Chain.Rpc;

namespace MidnightOS.Midnight.Chain;

/// <summary>Ready when the indexer answers and, on a live network, follows the chain.</summary>
/// <remarks>A devnet may rest between blocks or run on a clock of its own, so that the age of its tip says nothing.</remarks>
internal sealed class IndexerProbe(IChainIndexer indexer, NetworkProfile network, IOptions<MidnightNetworkOptions> options, TimeProvider time) : IReadinessProbe
{
    public string Name => "indexer";

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var tip = await indexer.GetTipAsync(cancellationToken);
        var age = time.GetUtcNow() - tip.Time;
        if (network.Id.IsLive && age > options.Value.MaxTipAge)
        {
            throw new ChainUnavailableException($"The indexer's newest block is {age} old.");
        }
    }
}

/// <summary>Ready when the node answers, is not catching up and has a block.</summary>
internal sealed class NodeProbe(JsonRpc rpc, ChainMetrics metrics) : IReadinessProbe
{
    public string Name => "node";

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var health = await ResultAsync("system_health", cancellationToken);
        if (health.TryGetProperty("isSyncing", out var syncing) && syncing.ValueKind is JsonValueKind.True)
        {
            throw new ChainUnavailableException("The node is still catching up with the chain.");
        }

        var header = await ResultAsync("chain_getHeader", cancellationToken);
        metrics.NodeTip(Height(header));
    }

    private static long Height(JsonElement header) =>
        header.TryGetProperty("number", out var number) && number.GetString() is ['0', 'x', .. var digits]
            && long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var height)
            ? height
            : throw new ChainUnavailableException("The node named no block.");

    private async Task<JsonElement> ResultAsync(string method, CancellationToken cancellationToken)
    {
        var answer = await rpc.CallAsync(method, [], cancellationToken);
        return answer.Error is null && answer.Result.ValueKind is JsonValueKind.Object
            ? answer.Result
            : throw new ChainUnavailableException($"The node did not answer {method}: {answer.Error?.Reason}");
    }
}
