namespace MidnightOS.Core.Chain;

/// <summary>Reads contracts through an official indexer. An indexer that is out of reach is <see cref="ChainUnavailableException"/>.</summary>
public interface IContractReader
{
    /// <summary>A contract as the newest block has it; null when there is none.</summary>
    /// <param name="address">32 bytes in lower hex.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<ContractSnapshot?> FindAsync(string address, CancellationToken cancellationToken);
}

/// <summary>What a call is built on.</summary>
/// <param name="State">The ledger's serialized contract state: its data, entry points and their verifier keys.</param>
/// <param name="LedgerParameters">The ledger's serialized parameters.</param>
public sealed record ContractSnapshot(byte[] State, byte[] LedgerParameters);
