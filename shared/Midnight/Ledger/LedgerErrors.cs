using MidnightOS.Core.Results;

namespace MidnightOS.Midnight.Ledger;

/// <summary>The error codes of the worker (<c>ledger/README.md</c>) and what they are to Core.</summary>
internal static class LedgerErrors
{
    /// <summary>The worker cannot go on; another one may answer.</summary>
    public const string Broken = "BROKEN";

    /// <summary>The field of <see cref="Error.Details"/> that holds the worker's code.</summary>
    public const string Detail = "ledger";

    private const string ProofRequired = "PROOF_REQUIRED";

    public static Error From(LedgerFailure? failure)
    {
        var (code, message) = failure ?? new LedgerFailure("NONE", "The ledger gave no reason.");
        var details = new Dictionary<string, string>(StringComparer.Ordinal) { [Detail] = code };
        return code == ProofRequired
            ? new Error(ErrorCodes.InvalidState, message, details)
            : new Error(ErrorCodes.InvalidRequest, $"The ledger refused: {message}", details);
    }
}
