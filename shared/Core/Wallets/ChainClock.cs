using MidnightOS.Core.Chain;

namespace MidnightOS.Core.Wallets;

/// <summary>The chain's time: that of its newest block. A block that this process has just followed tells it without a question to the indexer.</summary>
public sealed class ChainClock(IChainIndexer indexer, ChainCursor cursor, TimeProvider time)
{
    // Far less than the shortest time to live that can be set. With slower blocks, or a clock that is off by more, the indexer is asked.
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(3);

    /// <summary>The time of the newest block, at most some seconds old.</summary>
    /// <exception cref="ChainUnavailableException">No block was followed lately, and the indexer does not answer.</exception>
    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        cursor.SeenAt is { } seen && (time.GetUtcNow() - seen).Duration() < Recent ? seen : (await indexer.GetTipAsync(cancellationToken)).Time;
}
