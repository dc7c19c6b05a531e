using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Chain;

internal sealed class BlockWatch
{
    public IAsyncEnumerable<ChainBlock> RunAsync(long? fromHeight, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Subscriptions follow.");
}
