using System.Runtime.CompilerServices;
using System.Text.Json;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain.GraphQl;

namespace MidnightOS.Midnight.Chain;

/// <summary>Follows the chain block by block, each once and in order.</summary>
/// <remarks>
/// The indexer refuses a height that it does not have yet (<c>resolve_height</c> in <c>indexer-api/src/infra/api/v4.rs</c>). The
/// subscription therefore starts at the block before the one that is wanted and drops what is known.
/// </remarks>
internal sealed class BlockWatch(Subscriptions subscriptions)
{
    /// <param name="fromHeight">The first height wanted; null = the newest block when the stream begins.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<ChainBlock> RunAsync(long? fromHeight, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = fromHeight;
        await using var subscription = new ResumingSubscription<ChainBlock>(
            subscriptions, "blocks", () => IndexerQueries.WatchBlocks(next is { } wanted ? Math.Max(0, wanted - 1) : null), Read);
        while (true)
        {
            var block = await subscription.ReadAsync(cancellationToken);
            if (next is { } due && block.Height > due)
            {
                ChainLog.Gap(subscriptions.Logger, "blocks", block.Height, due);
                await subscription.RestartAsync(new JsonException($"Block {block.Height} came where {due} was due."));
            }
            else if (next is null || block.Height == next)
            {
                next = block.Height + 1;
                subscription.Progressed();
                subscriptions.Metrics.Tip(block.Height, block.Time);
                yield return block;
            }
        }
    }

    private static ChainBlock Read(JsonElement payload) =>
        (payload.Deserialize<GraphQlResponse<BlocksData>>(GraphQlJson.Options) ?? throw new JsonException("An empty event."))
            .Require("WatchBlocks").Blocks.ToBlock();
}
