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
}
