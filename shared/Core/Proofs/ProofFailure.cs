namespace MidnightOS.Core.Proofs;

/// <summary>Why a proof was not made.</summary>
/// <param name="Kind">What kind of failure it is; it decides whether another try makes sense.</param>
/// <param name="Reason">A sentence for whoever asked. Never a part of the preimage.</param>
public sealed record ProofFailure(ProofFailureKind Kind, string Reason);

/// <summary>The kinds of failures.</summary>
public enum ProofFailureKind
{
    /// <summary>The request cannot be proved, now or ever: malformed, or its witness does not satisfy the circuit, or the keys do not fit.</summary>
    BadInput,

    /// <summary>A key or a parameter file is wanted that is neither here nor to be had from the configured source; the reason names it.</summary>
    MissingFile,

    /// <summary>The processes that prove died or broke, twice.</summary>
    Internal,

    /// <summary>It took longer than a proof may.</summary>
    TimedOut,

    /// <summary>Nobody who could prove it can be asked now. A stored job waits until somebody can.</summary>
    Unavailable,

    /// <summary>Whoever proved it was gone before it was done. A stored job is begun again, as often as it may be.</summary>
    Interrupted,
}
