using System.Globalization;
using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Chain.Rpc;

/// <summary>Maps the node's errors to a submission.</summary>
/// <remarks>
/// Codes: polkadot-sdk, <c>substrate/client/rpc-api/src/author/error.rs</c> (base 1000, the pool's from 1010). Numbers behind
/// <c>Custom error:</c>: midnight-node, <c>LedgerApiError</c> (<c>ledger/src/…/types.rs</c>).
/// </remarks>
internal static class SubmissionAnswers
{
    private const int InternalError = -32603;
    private const int InvalidTransaction = 1010;
    private const int UnknownValidity = 1011;
    private const int TemporarilyBanned = 1012;
    private const int AlreadyImported = 1013;
    private const int TooLowPriority = 1014;
    private const int ImmediatelyDropped = 1016;
    private const int Unactionable = 1018;
    private const int InvalidBlockId = 1020;
    private const int FutureTransaction = 1021;

    private const int IntentAlreadyExists = 244;

    private static readonly Dictionary<int, string> LedgerReasons = new()
    {
        [109] = "the ledger refused it for a reason that the node does not name",
        [115] = "a proof is invalid",
        [126] = "it is not balanced",
        [138] = "it spends more than it has once fees are paid",
        [166] = "it is for another network",
        [170] = "the proof of its DUST spend is invalid",
        [195] = "a coin that it spends does not exist or is spent",
        [196] = "its DUST is spent",
        [242] = "its time to live has passed",
        [243] = "its time to live is too far ahead",
        [IntentAlreadyExists] = "its intent is on the chain already",
    };

    public static Submission Of(JsonRpcError error) => error.Code switch
    {
        AlreadyImported => new Submission(SubmissionOutcome.AlreadyKnown, null),
        TemporarilyBanned or TooLowPriority or ImmediatelyDropped => new Submission(SubmissionOutcome.Busy, error.Reason),
        // The node could not judge the bytes; saying that they were refused would end a transfer that may still succeed.
        InternalError or UnknownValidity or Unactionable or InvalidBlockId or FutureTransaction => new Submission(SubmissionOutcome.Busy, error.Reason),
        InvalidTransaction => Invalid(error.Reason),
        _ => new Submission(SubmissionOutcome.Refused, error.Reason),
    };

    private static Submission Invalid(string reason)
    {
        var code = LedgerCode(reason);
        if (code == IntentAlreadyExists || IsReplay(reason))
        {
            return new Submission(SubmissionOutcome.AlreadyKnown, null);
        }

        var named = code is { } number && LedgerReasons.TryGetValue(number, out var words) ? $"{reason} ({words})" : reason;
        return new Submission(SubmissionOutcome.Refused, named);
    }

    private static bool IsReplay(string reason) =>
        reason.Contains("IntentAlreadyExists", StringComparison.OrdinalIgnoreCase)
        || reason.Contains("intent already exists", StringComparison.OrdinalIgnoreCase)
        || reason.Contains("outdated", StringComparison.OrdinalIgnoreCase)
        || reason.Contains("stale", StringComparison.OrdinalIgnoreCase);

    private static int? LedgerCode(string reason)
    {
        const string Mark = "Custom error: ";
        var at = reason.IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        var digits = new string([.. reason.Skip(at + Mark.Length).TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;
    }
}
