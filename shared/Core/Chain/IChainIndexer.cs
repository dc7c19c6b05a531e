using MidnightOS.Core.Money;

namespace MidnightOS.Core.Chain;

/// <summary>Reads the chain through an official indexer. An indexer that is out of reach is <see cref="ChainUnavailableException"/>.</summary>
public interface IChainIndexer
{
    /// <summary>The newest block.</summary>
    Task<ChainBlock> GetTipAsync(CancellationToken cancellationToken);

    /// <summary>The transaction with this identifier; null when no block has it.</summary>
    Task<ChainTransaction?> FindAsync(string identifier, CancellationToken cancellationToken);

    /// <summary>What happened to an unshielded address after a transaction id: everything known, then a <see cref="AddressProgress"/>, then what comes, until cancelled. It reconnects and resumes by itself.</summary>
    /// <param name="address">Bech32m.</param>
    /// <param name="afterTransactionId">The indexer's transaction id up to which the caller knows; 0 for all.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    IAsyncEnumerable<AddressEvent> WatchAddressAsync(string address, long afterTransactionId, CancellationToken cancellationToken);

    /// <summary>Blocks from a height on, each once and in order, with the unshielded addresses they touch; it reconnects and resumes by itself.</summary>
    /// <param name="fromHeight">The first height wanted; null = from the newest block on.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    IAsyncEnumerable<ChainBlock> WatchBlocksAsync(long? fromHeight, CancellationToken cancellationToken);
}

/// <summary>A block.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Hash">Its hash, hex.</param>
/// <param name="Time">Its time: the chain's own clock.</param>
/// <param name="TouchedAddresses">Bech32m unshielded addresses that got or spent coins in it; empty when not asked for.</param>
public sealed record ChainBlock(long Height, string Hash, DateTimeOffset Time, IReadOnlyList<string> TouchedAddresses);

/// <summary>Something that a watched address sees.</summary>
public abstract record AddressEvent;

/// <summary>The caller knows everything up to this transaction id.</summary>
/// <param name="HighestTransactionId">The indexer's greatest id for the address; 0 when it has none.</param>
public sealed record AddressProgress(long HighestTransactionId) : AddressEvent;

/// <summary>A transaction that touches the address.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Created">Coins of the address that it made.</param>
/// <param name="Spent">Coins of the address that it spent.</param>
public sealed record AddressTransaction(ChainTransaction Transaction, IReadOnlyList<Coin> Created, IReadOnlyList<Coin> Spent) : AddressEvent;

/// <summary>A transaction in a block.</summary>
/// <param name="Id">The indexer's running id.</param>
/// <param name="Hash">Its hash, hex.</param>
/// <param name="Identifiers">Its identifiers, hex; empty for a system transaction.</param>
/// <param name="Status">What the ledger made of it.</param>
/// <param name="BlockHeight">The block.</param>
/// <param name="BlockHash">The block's hash, hex.</param>
/// <param name="BlockTime">The block's time.</param>
/// <param name="Fee">DUST paid, in SPECK (10⁻¹⁵ DUST).</param>
/// <param name="Inputs">Every unshielded coin that it spent, with its owner.</param>
/// <param name="Outputs">Every unshielded coin that it made, with its owner.</param>
public sealed record ChainTransaction(
    long Id, string Hash, IReadOnlyList<string> Identifiers, ChainResult Status, long BlockHeight, string BlockHash, DateTimeOffset BlockTime,
    Amount Fee, IReadOnlyList<OwnedCoin> Inputs, IReadOnlyList<OwnedCoin> Outputs);

/// <summary>A coin and whose it is.</summary>
/// <param name="Owner">Bech32m unshielded address.</param>
/// <param name="Coin">The coin.</param>
public sealed record OwnedCoin(string Owner, Coin Coin);

/// <summary>What the ledger made of a transaction in a block.</summary>
public enum ChainResult
{
    /// <summary>All of it took effect.</summary>
    Success,

    /// <summary>The guaranteed part took effect, a fallible segment did not.</summary>
    PartialSuccess,

    /// <summary>Nothing took effect.</summary>
    Failure,
}

/// <summary>The indexer or the node did not answer, after retries.</summary>
public sealed class ChainUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
