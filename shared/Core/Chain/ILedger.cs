using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Chain;

/// <summary>The official ledger's wallet side, run in processes of its own. Every operation is pure: repeating it is harmless.</summary>
/// <remarks>An overloaded or dying worker is an outage: <see cref="LedgerUnavailableException"/>. What the ledger itself refuses is a value.</remarks>
public interface ILedger
{
    /// <summary>The public keys and addresses of a seed on a network.</summary>
    Task<WalletKeys> DeriveAsync(IWalletSecret secret, NetworkId network, CancellationToken cancellationToken);

    /// <summary>Builds, signs and binds a transfer from coins that the caller chose: it needs no proof. Inputs must equal outputs for each token.</summary>
    Task<Result<BoundTransaction>> BuildTransferAsync(IWalletSecret secret, TransferPlan plan, CancellationToken cancellationToken);

    /// <summary>Binds a signed transaction that needs no proof, ready to submit.</summary>
    Task<Result<BoundTransaction>> FinishAsync(BuiltTransaction built, CancellationToken cancellationToken);

    /// <summary>Reads a bound transaction.</summary>
    Task<Result<DecodedTransaction>> DecodeAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancellationToken);
}

/// <summary>A wallet's seed on its way to the ledger process. Only Custody implements it; nobody else sees the bytes.</summary>
public interface IWalletSecret : IDisposable
{
    /// <summary>How many bytes <see cref="WriteToAsync"/> writes: 64, the BIP-39 seed of the wallet's 24 words (docs/adr/0004). A worker takes 32 or 64.</summary>
    int Length { get; }

    /// <summary>Writes the seed straight to the standard input of a ledger process and flushes.</summary>
    Task WriteToAsync(Stream standardInput, CancellationToken cancellationToken);
}

/// <summary>What is public of a wallet.</summary>
/// <param name="UnshieldedAddress">Bech32m, <c>mn_addr…</c>.</param>
/// <param name="UnshieldedAddressHex">The 32 bytes that outputs name as their owner: SHA-256 of the x-only public key.</param>
/// <param name="UnshieldedPublicKey">The x-only BIP-340 public key, hex.</param>
/// <param name="ShieldedAddress">Bech32m, <c>mn_shield-addr…</c>.</param>
/// <param name="DustAddress">Bech32m, <c>mn_dust…</c>.</param>
public sealed record WalletKeys(
    string UnshieldedAddress, string UnshieldedAddressHex, string UnshieldedPublicKey, string ShieldedAddress, string DustAddress);

/// <summary>An unspent unshielded output.</summary>
/// <param name="IntentHash">The hash of the intent that made it, 64 lower hex digits.</param>
/// <param name="OutputNo">Its place among that intent's outputs.</param>
/// <param name="Value">Atomic units.</param>
/// <param name="TokenType">The ledger's raw token type, 64 lower hex digits.</param>
public sealed record Coin(string IntentHash, int OutputNo, Amount Value, string TokenType)
{
    /// <summary>What names the coin on the chain.</summary>
    public string Id => $"{IntentHash}.{OutputNo}";
}

/// <summary>An output to make.</summary>
/// <param name="OwnerHex">The recipient's 32 address bytes, lower hex.</param>
/// <param name="Value">Atomic units, greater than nothing.</param>
/// <param name="TokenType">The ledger's raw token type.</param>
public sealed record Payment(string OwnerHex, Amount Value, string TokenType);

/// <summary>A transfer to build.</summary>
/// <param name="Network">The network that it is for.</param>
/// <param name="Inputs">The coins that it spends, all of the signing wallet.</param>
/// <param name="Outputs">What it pays, the change among it.</param>
/// <param name="Ttl">Until when (chain time) a block may take it; whole seconds.</param>
public sealed record TransferPlan(NetworkId Network, IReadOnlyList<Coin> Inputs, IReadOnlyList<Payment> Outputs, DateTimeOffset Ttl);

/// <summary>A signed transaction before proofs and binding.</summary>
/// <param name="Bytes">The ledger's serialization.</param>
/// <param name="ProofsRequired">How many proofs it needs.</param>
public sealed record BuiltTransaction(byte[] Bytes, int ProofsRequired);

/// <summary>A transaction ready to submit.</summary>
/// <param name="Bytes">The ledger's serialization.</param>
/// <param name="Hash">Its transaction hash, hex.</param>
/// <param name="Identifiers">The identifiers by which the indexer finds it, hex.</param>
public sealed record BoundTransaction(byte[] Bytes, string Hash, IReadOnlyList<string> Identifiers);

/// <summary>What a bound transaction says.</summary>
/// <param name="Hash">Its transaction hash, hex.</param>
/// <param name="Identifiers">Its identifiers, hex.</param>
/// <param name="Ttl">Its time to live; null when it has no intent.</param>
/// <param name="Inputs">The coins that it spends.</param>
/// <param name="Outputs">What it pays.</param>
public sealed record DecodedTransaction(
    string Hash, IReadOnlyList<string> Identifiers, DateTimeOffset? Ttl, IReadOnlyList<Coin> Inputs, IReadOnlyList<Payment> Outputs);

/// <summary>No ledger process answered in time.</summary>
public sealed class LedgerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
