using MidnightOS.Core.Results;

namespace MidnightOS.Core.Chain;

/// <summary>The official ledger's side of contract calls. Every operation is pure: repeating it is harmless.</summary>
/// <remarks>An overloaded or dying worker is an outage: <see cref="LedgerUnavailableException"/>. What the ledger itself refuses is a value.</remarks>
public interface IContractLedger
{
    /// <summary>Builds a transaction with one call, not proven yet. The transcript is run on the contract's state and the circuit tried on its witness.</summary>
    /// <returns>The transaction, or <c>INVALID_REQUEST</c> that names the field at fault.</returns>
    Task<Result<BuiltTransaction>> BuildCallAsync(CallPlan plan, CancellationToken cancellationToken);

    /// <summary>One of the proofs that a built call wants: always the same bytes for the same transaction.</summary>
    /// <param name="built">The call.</param>
    /// <param name="keys">Its circuit's keys.</param>
    /// <param name="index">Which, from 0; below <see cref="BuiltTransaction.ProofsRequired"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<Result<WantedProof>> WantedProofAsync(BuiltTransaction built, CircuitKeys keys, int index, CancellationToken cancellationToken);

    /// <summary>Puts proofs into a built call and binds it. Built from npm, the ledger does not verify them; who made them did.</summary>
    Task<Result<BoundTransaction>> FinishCallAsync(BuiltTransaction built, CircuitKeys keys, IReadOnlyList<MadeProof> proofs, CancellationToken cancellationToken);
}

/// <summary>A contract call to build.</summary>
/// <param name="Network">The network that it is for.</param>
/// <param name="Ttl">Until when (chain time) a block may take it; whole seconds.</param>
/// <param name="Contract">The contract as it is.</param>
/// <param name="Address">The contract's address, 32 bytes in lower hex.</param>
/// <param name="EntryPoint">The entry point's name.</param>
/// <param name="Witness">JSON in UTF-8: transcript, private outputs, input, output, randomness (<c>ledger/README.md</c>).</param>
/// <param name="Keys">The circuit's keys.</param>
public sealed record CallPlan(
    NetworkId Network, DateTimeOffset Ttl, ContractSnapshot Contract, string Address, string EntryPoint, ReadOnlyMemory<byte> Witness, CircuitKeys Keys);

/// <summary>What proving with a circuit takes.</summary>
/// <param name="ProverKey">The proving key, as the Compact compiler writes it.</param>
/// <param name="VerifierKey">The verifying key.</param>
/// <param name="Ir">The circuit's binary intermediate representation.</param>
public sealed record CircuitKeys(byte[] ProverKey, byte[] VerifierKey, byte[] Ir)
{
    /// <summary>Bytes of all three.</summary>
    public int Size => ProverKey.Length + VerifierKey.Length + Ir.Length;
}

/// <summary>A proof that a transaction wants.</summary>
/// <param name="Digest">What names it.</param>
/// <param name="Request">The body of an official <c>POST /prove</c>. It holds a private witness.</param>
public sealed record WantedProof(string Digest, byte[] Request);

/// <summary>A proof that was made.</summary>
/// <param name="Digest">Which one.</param>
/// <param name="Proof">The answer of an official <c>POST /prove</c>.</param>
public sealed record MadeProof(string Digest, byte[] Proof);
