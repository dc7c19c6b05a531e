using System.Text.Json;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain.GraphQl;

namespace MidnightOS.Midnight.Chain;

/// <summary>The official indexer over GraphQL.</summary>
internal sealed class ChainIndexer(GraphQlHttp http, AddressWatch addresses, BlockWatch blocks, ChainMetrics metrics) : IChainIndexer
{
    public async Task<ChainBlock> GetTipAsync(CancellationToken cancellationToken)
    {
        var data = await http.QueryAsync<TipData>(IndexerQueries.Tip(), cancellationToken);
        var tip = data.Block ?? throw new ChainUnavailableException("The indexer has no block yet.");
        return Mapped(() =>
        {
            metrics.Tip(tip.Height, tip.Time);
            return tip.ToBlock();
        });
    }

    public async Task<ChainTransaction?> FindAsync(string identifier, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(identifier);
        var data = await http.QueryAsync<TransactionsData>(IndexerQueries.Find(identifier), cancellationToken);
        return Mapped(() => Best(data.Transactions));
    }

    public IAsyncEnumerable<AddressEvent> WatchAddressAsync(string address, long afterTransactionId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        ArgumentOutOfRangeException.ThrowIfNegative(afterTransactionId);
        return addresses.RunAsync(address, afterTransactionId, cancellationToken);
    }

    public IAsyncEnumerable<ChainBlock> WatchBlocksAsync(long? fromHeight, CancellationToken cancellationToken)
    {
        if (fromHeight is { } height)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(height, nameof(fromHeight));
        }

        return blocks.RunAsync(fromHeight, cancellationToken);
    }

    // An identifier names a part of a transaction; a failed attempt and a later success may both carry it.
    private static ChainTransaction? Best(IReadOnlyList<TransactionData> found)
    {
        var transactions = found.Select(transaction => transaction.ToTransaction()).OrderBy(transaction => transaction.Id).ToList();
        return transactions.FirstOrDefault(transaction => transaction.Status is not ChainResult.Failure) ?? transactions.LastOrDefault();
    }

    private static T Mapped<T>(Func<T> map)
    {
        try
        {
            return map();
        }
        catch (JsonException exception)
        {
            throw new ChainUnavailableException("The indexer answered something that cannot be read.", exception);
        }
    }
}
