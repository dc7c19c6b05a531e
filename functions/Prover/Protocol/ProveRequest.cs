namespace MidnightOS.Prover.Protocol;

/// <summary>What <c>POST /prove</c> asks for.</summary>
/// <param name="Preimage">The preimage as zkir-v2 takes it: <c>midnight:proof-preimage:</c> and its body. A private witness: never logged, stored sealed.</param>
/// <param name="KeyLocation">The name of the circuit's keys, as the preimage states it.</param>
/// <param name="Keys">The keys that came with the request; null when built-in ones are meant.</param>
/// <param name="BindingInput">A field element that takes the place of the preimage's own, 32 bytes little-endian; null to leave it.</param>
internal sealed record ProveRequest(ReadOnlyMemory<byte> Preimage, string KeyLocation, KeyMaterial? Keys, ReadOnlyMemory<byte>? BindingInput);

/// <summary>What <c>POST /check</c> asks for.</summary>
/// <param name="Preimage">As in <see cref="ProveRequest"/>.</param>
/// <param name="KeyLocation">As in <see cref="ProveRequest"/>.</param>
/// <param name="Ir">The circuit, with its tag; null when a built-in one is meant.</param>
internal sealed record CheckRequest(ReadOnlyMemory<byte> Preimage, string KeyLocation, ReadOnlyMemory<byte>? Ir);

/// <summary>What <c>POST /prove-tx</c> asks for.</summary>
/// <param name="Transaction">The unproven transaction with its tag, as the ledger takes it.</param>
/// <param name="Keys">Key material by key location.</param>
internal sealed record ProveTransactionRequest(ReadOnlyMemory<byte> Transaction, IReadOnlyDictionary<string, KeyMaterial> Keys);
