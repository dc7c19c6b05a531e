using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Http;

/// <summary>Sees that the public parameters of a size are here.</summary>
internal interface IParameterFetch
{
    /// <summary>Fetches or derives the parameters of circuits with 2^k rows, unless they are here.</summary>
    /// <param name="k">0 to 25.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why they are not to be had; null when they are here.</returns>
    Task<ProofFailure?> FetchAsync(int k, CancellationToken cancellationToken);
}
