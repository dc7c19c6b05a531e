using System.Globalization;

namespace MidnightOS.Prover.Proving.Parameters;

/// <summary>A file that Midnight publishes for provers.</summary>
/// <param name="Name">Its name in the cache folder and at the source, with <c>/</c>.</param>
/// <param name="Sha256">Its pinned SHA-256, lower hex.</param>
/// <param name="Description">What it is, for people.</param>
/// <param name="MaxLength">It has no more bytes than this.</param>
internal sealed record PublishedFile(string Name, string Sha256, string Description, long MaxLength)
{
    /// <summary>The k of a parameter file; null for a key.</summary>
    public int? K { get; private init; }

    /// <summary>The parameters for circuits of 2^k rows.</summary>
    public static PublishedFile Parameters(int k) =>
        new(string.Create(CultureInfo.InvariantCulture, $"bls_midnight_2p{k}"), PublishedPins.Parameters[k], string.Create(CultureInfo.InvariantCulture, $"the parameters for k={k}"), ParameterLength(k)) { K = k };

    // k as u32, 2^k points of G1 twice, two points of G2 (midnight-proofs, ParamsKZG::write_custom).
    private static long ParameterLength(int k) => sizeof(uint) + (2L * 96 << k) + (2 * 192);
}
