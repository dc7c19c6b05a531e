using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;

namespace MidnightOS.Prover.Proving;

/// <summary>Stands where nothing proves.</summary>
internal sealed class AbsentProver : IProver
{
    private static readonly Task<ProverAnswer> None = Task.FromResult(ProverAnswer.Failed(ProofFailureKind.Internal, "Nothing here makes proofs."));

    public int Size => 1;

    public Task<ProverAnswer> ProveAsync(ProveRequest request, CancellationToken cancellationToken) => None;

    public Task<ProverAnswer> CheckAsync(CheckRequest request, CancellationToken cancellationToken) => None;

    public Task<ProverAnswer> ProveTransactionAsync(ProveTransactionRequest request, CancellationToken cancellationToken) => None;

    public Task<ProverAnswer> KAsync(ReadOnlyMemory<byte> ir, CancellationToken cancellationToken) => None;
}
