using MidnightOS.Prover.Protocol;

namespace MidnightOS.Prover.Proving;

/// <summary>Makes and checks proofs in processes of its own, or has an official proof server do it. Every operation is pure.</summary>
/// <remarks>
/// Who calls holds no more calls open than <see cref="Size"/>, those aside that wait for a file (<see cref="FileWaits"/>); beyond that they wait in no order. Cancelling a call that a process works on ends the process.
/// A process that dies or hangs is replaced and its work tried once more in here.
/// </remarks>
internal interface IProver
{
    /// <summary>How many calls are worked on at once.</summary>
    int Size { get; }

    /// <summary>Makes a proof and verifies it.</summary>
    /// <returns>The answer of <c>POST /prove</c>: <c>midnight:proof-versioned:</c>…</returns>
    Task<ProverAnswer> ProveAsync(ProveRequest request, CancellationToken cancellationToken);

    /// <summary>Runs the circuit on the witness without a proof.</summary>
    /// <returns>The answer of <c>POST /check</c>: <c>midnight:vec(option(u64)):</c>…</returns>
    Task<ProverAnswer> CheckAsync(CheckRequest request, CancellationToken cancellationToken);

    /// <summary>Makes all the proofs of a transaction.</summary>
    /// <returns>The proven transaction, tagged.</returns>
    Task<ProverAnswer> ProveTransactionAsync(ProveTransactionRequest request, CancellationToken cancellationToken);

    /// <summary>How large a circuit is.</summary>
    /// <param name="ir">The circuit, with its tag.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>An answer without content whose <see cref="ProverAnswer.K"/> is set.</returns>
    Task<ProverAnswer> KAsync(ReadOnlyMemory<byte> ir, CancellationToken cancellationToken);
}
