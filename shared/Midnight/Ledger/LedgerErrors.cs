using MidnightOS.Core.Results;

namespace MidnightOS.Midnight.Ledger;

/// <summary>The error codes of the worker (<c>ledger/README.md</c>) and what they are to Core.</summary>
internal static class LedgerErrors
{
    /// <summary>The worker cannot go on; another one may answer.</summary>
    public const string Broken = "BROKEN";

    /// <summary>The input broke the worker, which ends; another one would break too.</summary>
    public const string Trapped = "TRAPPED";

    /// <summary>The field of <see cref="Error.Details"/> that holds the worker's code.</summary>
    public const string Detail = "ledger";

    private const string ProofRequired = "PROOF_REQUIRED";

    /// <summary>What was wrong with a contract call, by the field that a client wrote.</summary>
    public static Error OfCall(LedgerFailure? failure)
    {
        var error = From(failure);
        return failure?.Code switch
        {
            _ when error.Code != ErrorCodes.InvalidRequest => error,
            "ENTRY_POINT" => Error.Invalid("entryPoint", failure.Message),
            "VERIFIER_KEY" => Error.Invalid("keys.verifierKey", failure.Message),
            "BAD_REQUEST" => Error.Invalid("transcript", failure.Message),
            Trapped => Error.Invalid("transcript", failure.Message),
            _ => Error.Invalid("transcript", error.Message),
        };
    }

    public static Error From(LedgerFailure? failure)
    {
        var (code, message) = failure ?? new LedgerFailure("NONE", "The ledger gave no reason.");
        var details = new Dictionary<string, string>(StringComparer.Ordinal) { [Detail] = code };
        return code == ProofRequired
            ? new Error(ErrorCodes.InvalidState, message, details)
            : new Error(ErrorCodes.InvalidRequest, $"The ledger refused: {message}", details);
    }
}
