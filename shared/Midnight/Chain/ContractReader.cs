using System.Text.Json;
using MidnightOS.Core.Chain;
using MidnightOS.Midnight.Chain.GraphQl;

namespace MidnightOS.Midnight.Chain;

/// <summary>Contracts as the official indexer serves them: their last action holds their state.</summary>
internal sealed class ContractReader(GraphQlHttp http) : IContractReader
{
    public async Task<ContractSnapshot?> FindAsync(string address, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        var data = await http.QueryAsync<ContractData>(IndexerQueries.Contract(address), cancellationToken);
        if (data.ContractAction is not { } action)
        {
            return null;
        }

        var block = data.Block ?? throw new ChainUnavailableException("The indexer has no block yet.");
        try
        {
            return new ContractSnapshot(Convert.FromHexString(IndexerText.Hex(action.State)), Convert.FromHexString(IndexerText.Hex(block.LedgerParameters)));
        }
        catch (JsonException exception)
        {
            throw new ChainUnavailableException("The indexer answered something that cannot be read.", exception);
        }
    }
}
