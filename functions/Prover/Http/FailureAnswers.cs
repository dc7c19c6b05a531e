using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Prover.Http;

/// <summary>The official server's statuses and texts for what could not be done.</summary>
internal static class FailureAnswers
{
    public static (int Status, string Text) Of(ProofFailure failure) => failure.Kind switch
    {
        ProofFailureKind.BadInput or ProofFailureKind.MissingFile => (StatusCodes.Status400BadRequest, PlainAnswers.BadInput),
        _ => (StatusCodes.Status500InternalServerError, PlainAnswers.Internal),
    };
}
