using MidnightOS.Core.Bots;

namespace MidnightOS.Tests.Unit.Bots;

public sealed class BotTransitionsTests
{
    // The contract's own words, one line for each pair that is allowed; every other pair must be refused.
    private const string Allowed = """
        Provisioning Activate Running
        Provisioning Fail Failed
        Running Stop Stopped
        Running Pause Paused
        Running Delete Deleting
        Paused Resume Running
        Paused Stop Stopped
        Paused Delete Deleting
        Stopped Start Running
        Stopped Delete Deleting
        Failed Delete Deleting
        Deleting AbandonDelete Stopped
        """;

    public static TheoryData<BotStatus, BotAction> Pairs()
    {
        var pairs = new TheoryData<BotStatus, BotAction>();
        foreach (var status in Enum.GetValues<BotStatus>())
        {
            foreach (var action in Enum.GetValues<BotAction>())
            {
                pairs.Add(status, action);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Next_EveryPair_IsAsInTheContract(BotStatus status, BotAction action)
    {
        var line = Allowed.Split('\n').Select(static text => text.Split(' ')).SingleOrDefault(words => words[0] == $"{status}" && words[1] == $"{action}");
        Assert.Equal(line?[2], BotTransitions.Next(status, action)?.ToString());
    }
}
