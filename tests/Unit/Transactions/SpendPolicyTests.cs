using MidnightOS.Core.Bots;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;

namespace MidnightOS.Tests.Unit.Transactions;

public sealed class SpendPolicyTests
{
    private const string Alice = "mn_addr_undeployed1alice";

    [Fact]
    public void Judge_EmptyConfig_Allows()
    {
        var verdict = Judge(new BotConfig(), "1000000", Alice).Value;
        Assert.Equal(new PolicyVerdict(NeedsConfirmation: false, NeedsApproval: false), verdict);
    }

    [Theory]
    [InlineData("5", true)]
    [InlineData("5.000001", false)]
    public void Judge_PerTransaction_IsExactAtTheEdge(string amount, bool allowed) =>
        Assert.Equal(allowed, Judge(Limited(new SpendLimits(PerTransaction: "5")), amount, Alice).IsSuccess);

    [Theory]
    [InlineData("4", "6", true)]
    [InlineData("4.000001", "6", false)]
    public void Judge_PerDay_CountsWhatWasSpent(string amount, string spent, bool allowed) =>
        Assert.Equal(allowed, Judge(Limited(new SpendLimits(PerDay: "10")), amount, Alice, spent).IsSuccess);

    [Fact]
    public void Judge_TreasuryAndOwnLimits_TheLowerHolds()
    {
        var config = Limited(new SpendLimits(PerTransaction: "10")) with { Treasury = new BotTreasury(Limits: new SpendLimits(PerTransaction: "2")) };
        Assert.Equal(ErrorCodes.PolicyDenied, Judge(config, "3", Alice).Error?.Code);
        Assert.True(Judge(config, "2", Alice).IsSuccess);
    }

    [Theory]
    [InlineData("1", false, false)]
    [InlineData("1.5", true, false)]
    [InlineData("9", true, true)]
    public void Judge_Thresholds_AskForConfirmationAndApproval(string amount, bool confirmation, bool approval)
    {
        var verdict = Judge(Limited(new SpendLimits(ConfirmAbove: "1", ApproveAbove: "5")), amount, Alice).Value;
        Assert.Equal(new PolicyVerdict(confirmation, approval), verdict);
    }

    [Fact]
    public void Judge_WithoutThePermission_Refuses() =>
        Assert.Equal(ErrorCodes.PolicyDenied, Judge(new BotConfig { Capabilities = new BotCapabilities(Permissions: []) }, "1", Alice).Error?.Code);

    [Fact]
    public void Judge_RecipientLists_Hold()
    {
        Assert.False(Judge(new BotConfig { Security = new BotSecurity(BlockedRecipients: [Alice]) }, "1", Alice).IsSuccess);
        Assert.False(Judge(new BotConfig { Security = new BotSecurity(AllowedRecipients: ["mn_addr_undeployed1bob"]) }, "1", Alice).IsSuccess);
        Assert.False(Judge(new BotConfig { Security = new BotSecurity(AllowedRecipients: []) }, "1", Alice).IsSuccess);
        Assert.True(Judge(new BotConfig { Security = new BotSecurity(AllowedRecipients: [Alice.ToUpperInvariant()]) }, "1", Alice).IsSuccess);
    }

    [Fact]
    public void Judge_StoredLimitThatIsNoAmount_ThrowsInsteadOfAllowing() =>
        Assert.Throws<InvalidOperationException>(() => Judge(Limited(new SpendLimits(PerTransaction: "lots")), "1", Alice));

    private static BotConfig Limited(SpendLimits limits) => new() { Capabilities = new BotCapabilities(Limits: limits) };

    private static Result<PolicyVerdict> Judge(BotConfig config, string amount, string to, string spent = "0") =>
        SpendPolicy.Judge(config, Night(amount), to, Night(spent));

    private static Amount Night(string text)
    {
        Assert.True(Token.Night.TryParse(text, out var amount, out _));
        return amount;
    }
}
