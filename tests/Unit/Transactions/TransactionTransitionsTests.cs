using MidnightOS.Core.Transactions;

namespace MidnightOS.Tests.Unit.Transactions;

public sealed class TransactionTransitionsTests
{
    private const string Allowed = """
        AwaitingConfirmation Confirm Requested
        AwaitingConfirmation Cancel Cancelled
        AwaitingConfirmation Expire Expired
        AwaitingConfirmation Reject Rejected
        Requested AskApproval AwaitingApproval
        Requested Build Building
        Requested Cancel Cancelled
        Requested Reject Rejected
        Requested Expire Expired
        Requested Fail Failed
        AwaitingApproval Approve Requested
        AwaitingApproval Reject Rejected
        AwaitingApproval Cancel Cancelled
        AwaitingApproval Expire Expired
        Building Prove Proving
        Building Cancel Cancelled
        Building Reject Rejected
        Building Expire Expired
        Building Fail Failed
        Proving Submit Submitted
        Proving Rebuild Building
        Proving Cancel Cancelled
        Proving Reject Rejected
        Proving Expire Expired
        Proving Fail Failed
        Submitted Settle Confirmed
        Submitted Rebuild Building
        Submitted Expire Expired
        Submitted Fail Failed
        Building Settle Confirmed
        Proving Settle Confirmed
        Failed Settle Confirmed
        Expired Settle Confirmed
        Rejected Settle Confirmed
        Cancelled Settle Confirmed
        """;

    public static TheoryData<TransactionStatus, TransactionAction> Pairs()
    {
        var pairs = new TheoryData<TransactionStatus, TransactionAction>();
        foreach (var status in Enum.GetValues<TransactionStatus>())
        {
            foreach (var action in Enum.GetValues<TransactionAction>())
            {
                pairs.Add(status, action);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Next_EveryPair_IsAsInTheContract(TransactionStatus status, TransactionAction action)
    {
        var line = Allowed.Split('\n').Select(static text => text.Split(' ')).SingleOrDefault(words => words[0] == $"{status}" && words[1] == $"{action}");
        Assert.Equal(line?[2], TransactionTransitions.Next(status, action)?.ToString());
    }

    [Fact]
    public void Next_FromSubmitted_CannotBeTakenBack()
    {
        Assert.Null(TransactionTransitions.Next(TransactionStatus.Submitted, TransactionAction.Cancel));
        Assert.Null(TransactionTransitions.Next(TransactionStatus.Submitted, TransactionAction.Reject));
    }

    [Theory]
    [InlineData(TransactionStatus.Confirmed, true)]
    [InlineData(TransactionStatus.Failed, true)]
    [InlineData(TransactionStatus.Expired, true)]
    [InlineData(TransactionStatus.Rejected, true)]
    [InlineData(TransactionStatus.Cancelled, true)]
    [InlineData(TransactionStatus.Requested, false)]
    [InlineData(TransactionStatus.AwaitingConfirmation, false)]
    [InlineData(TransactionStatus.AwaitingApproval, false)]
    [InlineData(TransactionStatus.Building, false)]
    [InlineData(TransactionStatus.Proving, false)]
    [InlineData(TransactionStatus.Submitted, false)]
    public void IsFinal_EachState_IsAsInTheContract(TransactionStatus status, bool final) =>
        Assert.Equal(final, TransactionTransitions.IsFinal(status));
}
