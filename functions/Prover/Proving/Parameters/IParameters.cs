using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Http;
using MidnightOS.Prover.Proving.Processes;

namespace MidnightOS.Prover.Proving.Parameters;

/// <summary>The parameters of proofs.</summary>
internal interface IParameters
{
    /// <summary>The files that were found right since the host started.</summary>
    IReadOnlyList<ProvingParameterFile> Present { get; }

    /// <summary>Makes sure that the parameters for circuits of 2^k rows are in the cache folder. It may take minutes.</summary>
    /// <param name="k">From 0 to 25.</param>
    /// <param name="again">Looks at the file again though it was right before: someone found it damaged.</param>
    /// <param name="cancellationToken">Ends the wait; what was begun goes on for others.</param>
    /// <returns>Null when they are; else why not.</returns>
    Task<ProofFailure?> EnsureAsync(int k, bool again, CancellationToken cancellationToken);
}

/// <inheritdoc cref="IParameters"/>
internal sealed class CachedParameters(ParameterCache cache) : IParameters, IParameterFetch
{
    private readonly ProvingParameterFile?[] _present = new ProvingParameterFile?[PublishedPins.LargestK + 1];

    public IReadOnlyList<ProvingParameterFile> Present => [.. _present.OfType<ProvingParameterFile>()];

    public async Task<ProofFailure?> EnsureAsync(int k, bool again, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, PublishedPins.LargestK);
        if (!again && _present[k] is { } known && File.Exists(known.Path))
        {
            return null;
        }

        var file = PublishedFile.Parameters(k);
        var failure = await cache.EnsureAsync(file, cancellationToken);
        _present[k] = failure is null ? new ProvingParameterFile(k, cache.PathOf(file), file.Sha256) : null;
        return failure;
    }

    public Task<ProofFailure?> FetchAsync(int k, CancellationToken cancellationToken) => EnsureAsync(k, again: false, cancellationToken);
}
