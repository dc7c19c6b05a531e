using System.Diagnostics.CodeAnalysis;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Proving;

/// <summary>What came of a call: content, or why there is none.</summary>
internal sealed record ProverAnswer
{
    /// <summary>The answer's bytes; empty with a failure.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The circuit has 2^K rows; null when it was not learnt.</summary>
    public int? K { get; init; }

    /// <summary>The time that a process worked on it.</summary>
    public TimeSpan Worked { get; init; }

    /// <summary>Why it was not done; null when it was.</summary>
    public ProofFailure? Failure { get; init; }

    /// <summary>Whether it was done.</summary>
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsDone => Failure is null;

    /// <summary>An answer that says why there is none.</summary>
    public static ProverAnswer Failed(ProofFailureKind kind, string reason) => new() { Failure = new ProofFailure(kind, reason) };
}
