using System.Collections.Frozen;
using System.Text.RegularExpressions;
using MidnightOS.Core.Transactions;
using static MidnightOS.Core.Transactions.TransactionStatus;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>A kind of statement about what became of money.</summary>
internal enum StateClaim
{
    /// <summary>It left the wallet.</summary>
    Sent,

    /// <summary>It is final.</summary>
    Completed,

    /// <summary>Work on it goes on.</summary>
    Active,

    /// <summary>It exists and is not final.</summary>
    Pending,

    /// <summary>It waits for the user.</summary>
    AwaitsConfirmation,

    /// <summary>It waits for signers.</summary>
    AwaitsApproval,

    /// <summary>It came to nothing.</summary>
    Failed,

    /// <summary>Its time ran out.</summary>
    Expired,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>Funds do not suffice.</summary>
    FundsMissing,

    /// <summary>The wallet holds nothing.</summary>
    Empty,

    /// <summary>Something that no record of this platform can say.</summary>
    Unknowable,
}

/// <summary>The words of each kind of statement, and the states of a record that bear it out.</summary>
internal static partial class StateClaims
{
    private static readonly FrozenDictionary<StateClaim, FrozenSet<TransactionStatus>> Supports = new Dictionary<StateClaim, FrozenSet<TransactionStatus>>
    {
        [StateClaim.Sent] = Set(Submitted, Confirmed),
        [StateClaim.Completed] = Set(Confirmed),
        [StateClaim.Active] = Set(Requested, Building, Proving, Submitted),
        [StateClaim.Pending] = Set(Requested, AwaitingConfirmation, AwaitingApproval, Building, Proving, Submitted),
        [StateClaim.AwaitsConfirmation] = Set(AwaitingConfirmation),
        [StateClaim.AwaitsApproval] = Set(AwaitingApproval),
        [StateClaim.Failed] = Set(TransactionStatus.Failed, TransactionStatus.Expired, Rejected, TransactionStatus.Cancelled),
        [StateClaim.Expired] = Set(TransactionStatus.Expired),
        [StateClaim.Cancelled] = Set(TransactionStatus.Cancelled),
    }.ToFrozenDictionary();

    private static readonly (StateClaim Claim, Regex Words)[] Lexicon =
    [
        (StateClaim.AwaitsConfirmation, AwaitsConfirmationWords()), (StateClaim.AwaitsApproval, AwaitsApprovalWords()),
        (StateClaim.FundsMissing, FundsMissingWords()), (StateClaim.Empty, EmptyWords()), (StateClaim.Unknowable, UnknowableWords()),
        (StateClaim.Sent, SentWords()), (StateClaim.Completed, CompletedWords()), (StateClaim.Active, ActiveWords()),
        (StateClaim.Pending, PendingWords()), (StateClaim.Failed, FailedWords()), (StateClaim.Expired, ExpiredWords()),
        (StateClaim.Cancelled, CancelledWords()),
    ];

    /// <summary>Whether a record in this state bears the statement out.</summary>
    public static bool AreBorneOutBy(StateClaim claim, TransactionStatus status) => Supports.TryGetValue(claim, out var states) && states.Contains(status);

    /// <summary>The statements of a sentence, claimed and denied.</summary>
    public static (List<StateClaim> Claimed, List<StateClaim> Denied) Read(string text)
    {
        var claimed = new List<StateClaim>();
        var denied = new List<StateClaim>();
        foreach (var (claim, words) in Lexicon)
        {
            foreach (Match match in words.Matches(text))
            {
                // Only a "not" right before the word denies it: "not only sent" and "no doubt, sent" claim.
                (Denial().IsMatch(text[..match.Index]) ? denied : claimed).Add(claim);
            }
        }

        return (claimed, denied);
    }

    private static FrozenSet<TransactionStatus> Set(params TransactionStatus[] states) => states.ToFrozenSet();

    [GeneratedRegex(@"(?i)(?:\b(?:not|never)|n't|\bnothing (?:was|is|has been|has|got))\s+(?:(?:yet|been|be|being|yet been)\s+)*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Denial();

    [GeneratedRegex(@"(?i)\b(?:sent|transferred|paid|payed|moved|dispatched|withdrawn|withdrew|swapped|spent|broadcast(?:ed)?|submitted|executed|forwarded|wired|remitted|gave|(?:gone|went) out|on (?:its|the|their) way|left (?:your|the|my) wallet|gesendet|überwiesen|bezahlt|envoyée?s?|transférée?s?|payée?s?|enviad[oa]s?|transferid[oa]s?|pagad[oa]s?|inviat[oaie]|pagat[oaie]|verzonden|betaald|отправлен\w*|перев[её]л\w*)\b|发送|已发|送金|送りました", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SentWords();

    [GeneratedRegex(@"(?i)\b(?:confirmed|completed?|completes|succeeded|succeeds|success(?:ful(?:ly)?)?|finali[sz]ed|final|settled|arrived|delivered|(?:went|gone) through|cleared|mined|received|deposited|credited|done|finished|all set|processed|taken care of|verified|in (?:a|the) block|accepted|landed|minted|signed|bestätigt|abgeschlossen|confirmée?s?|confirmad[oa]s?|confermat[oaie]|bevestigd|подтвержд\w*)\b|确认|完了", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CompletedWords();

    [GeneratedRegex(@"(?i)\b(?:sending|transferring|paying|processing|started|initiated|under ?way|in (?:progress|process)|proving|building|submitting|broadcasting|executing|moving)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ActiveWords();

    [GeneratedRegex(@"(?i)\b(?:pending|requested|queued|scheduled|prepared|recorded|created|ordered|arranged)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PendingWords();

    [GeneratedRegex(@"(?i)\b(?:awaitingconfirmation|(?:waits?|waiting|awaits?|awaiting|needs?|requires?)\s+(?:for\s+)?(?:your\s+|a\s+|the\s+)?confirmation)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AwaitsConfirmationWords();

    [GeneratedRegex(@"(?i)\b(?:awaitingapproval|(?:waits?|waiting|awaits?|awaiting|needs?|requires?)\s+(?:for\s+)?(?:your\s+|an?\s+|the\s+)?approvals?)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AwaitsApprovalWords();

    [GeneratedRegex(@"(?i)\b(?:failed|failure|unsuccessful(?:ly)?|(?:did not|didn't) go through|declined|denied|refused|rejected|blocked|could(?: not|n't) be)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FailedWords();

    [GeneratedRegex(@"(?i)\b(?:expired|timed out)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ExpiredWords();

    [GeneratedRegex(@"(?i)\bcancell?ed\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CancelledWords();

    [GeneratedRegex(@"(?i)\b(?:insufficient|not enough|too little|can(?:not|'t) afford|lacks?(?: of)? (?:funds|night))\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FundsMissingWords();

    [GeneratedRegex(@"(?i)\b(?:empty|zero|nothing (?:left|in it)|no (?:nights?|funds|tokens?|money|balance|coins?)|broke)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EmptyWords();

    [GeneratedRegex(@"(?i)\b(?:refund\w*|reversed|reverted|stolen|hacked|frozen|doubled|approved|authori[sz]ed|guaranteed?|insured)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UnknowableWords();
}
