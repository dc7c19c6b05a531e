using System.Globalization;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Core.Agents.Guards;

/// <summary>Compares what one sentence claims with the turn's records.</summary>
/// <param name="facts">The records.</param>
/// <param name="claims">The sentence.</param>
/// <param name="plainNumbers">Its numbers without a unit, as far as they count.</param>
internal sealed class RecordCheck(TurnFacts facts, Claims claims, IReadOnlyList<string> plainNumbers)
{
    /// <summary>Every id, hash and address stands in a record, in full.</summary>
    public bool LiteralsAreKnown() =>
        claims.Literals.All(literal => facts.Addresses.Contains(literal) || facts.Transactions.Any(t => Has(t, literal)));

    /// <summary>Every number stands in a record, in the role in which the sentence uses it.</summary>
    public bool NumbersAreKnown()
    {
        if (claims.IsAboutFees)
        {
            return claims.UnitNumbers.Concat(plainNumbers).All(n => facts.Transactions.Any(t => t.Fee is not null && Claims.Canonical(t.Fee) == n));
        }

        if (claims.IsAboutBalance)
        {
            return claims.UnitNumbers.All(facts.BalanceNumbers.Contains)
                && plainNumbers.All(n => facts.BalanceNumbers.Contains(n) || facts.Counts.Contains(n));
        }

        return claims.UnitNumbers.All(IsAmount) && plainNumbers.All(n => IsAmount(n) || facts.Counts.Contains(n) || facts.Transactions.Any(t => Block(t) == n));
    }

    /// <summary>What the sentence says of one transaction stands in one record: no amount of the one with the recipient of the other.</summary>
    public bool RecordsMatch() => !IsSpecific || Meant.Any();

    /// <summary>Every state that is claimed or denied agrees with all the records that can be meant, and there is one.</summary>
    public bool StatesAreBorneOut() => claims.States.All(IsBorneOut) && claims.DeniedStates.All(IsRightlyDenied);

    // "I sent 5 NIGHT" must not lean on an old payment of 5 that a list happens to show: one of a list must be named.
    private IEnumerable<TransactionView> Subjects => Meant.Where(t => facts.IsSubject(t) || claims.Literals.Any(literal => literal == t.Id || literal == t.Hash));

    private IEnumerable<TransactionView> Meant => IsSpecific ? facts.Transactions.Where(IsMeant) : facts.Transactions;

    private bool IsSpecific => TransactionLiterals.Any() || TransactionNumbers.Any();

    private IEnumerable<string> TransactionLiterals => claims.Literals.Where(literal => !facts.Addresses.Contains(literal));

    private IEnumerable<string> TransactionNumbers =>
        claims.UnitNumbers.Concat(plainNumbers).Where(n => !facts.BalanceNumbers.Contains(n) && !facts.Counts.Contains(n));

    private bool IsMeant(TransactionView t) =>
        TransactionLiterals.All(literal => Has(t, literal))
        && TransactionNumbers.All(n => Claims.Canonical(t.Amount) == n || Block(t) == n || (t.Fee is not null && Claims.Canonical(t.Fee) == n));

    private bool IsAmount(string number) =>
        facts.BalanceNumbers.Contains(number) || facts.Transactions.Any(t => Claims.Canonical(t.Amount) == number);

    private bool IsBorneOut(StateClaim claim) => claim switch
    {
        StateClaim.FundsMissing => facts.FundsMissing,
        StateClaim.Empty => facts.HasEmptyBalance,
        StateClaim.Failed when facts.Transactions.Count == 0 => facts.SpendRefused,
        StateClaim.Unknowable => false,
        _ => Subjects.Any() && Subjects.All(t => StateClaims.AreBorneOutBy(claim, t.Status)),
    };

    private bool IsRightlyDenied(StateClaim claim) =>
        claim is not (StateClaim.FundsMissing or StateClaim.Empty or StateClaim.Unknowable)
        && (Subjects.Any() || (facts.SpendRefused && facts.Transactions.Count == 0))
        && !Subjects.Any(t => StateClaims.AreBorneOutBy(claim, t.Status));

    private static bool Has(TransactionView t, string literal) =>
        t.Id == literal || t.Hash == literal || t.From == literal || t.To == literal || t.Identifiers.Contains(literal, StringComparer.Ordinal);

    private static string? Block(TransactionView t) => t.Block?.Height.ToString(CultureInfo.InvariantCulture);
}
