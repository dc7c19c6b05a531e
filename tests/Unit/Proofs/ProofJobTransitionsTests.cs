using MidnightOS.Core.Proofs;

namespace MidnightOS.Tests.Unit.Proofs;

public sealed class ProofJobTransitionsTests
{
    // One line for each pair that is allowed; every other pair must be refused.
    private const string Allowed = """
        Queued Start Running
        Queued Fail Failed
        Queued Cancel Cancelled
        Running Return Queued
        Running Succeed Succeeded
        Running Fail Failed
        Running Cancel Cancelled
        """;

    public static TheoryData<ProofJobStatus, ProofJobAction> Pairs()
    {
        var pairs = new TheoryData<ProofJobStatus, ProofJobAction>();
        foreach (var status in Enum.GetValues<ProofJobStatus>())
        {
            foreach (var action in Enum.GetValues<ProofJobAction>())
            {
                pairs.Add(status, action);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Next_EveryPair_IsAsInTheTable(ProofJobStatus status, ProofJobAction action)
    {
        var line = Allowed.Split('\n', StringSplitOptions.TrimEntries).SingleOrDefault(line => line.StartsWith($"{status} {action} ", StringComparison.Ordinal));
        Assert.Equal(line?.Split(' ')[2], ProofJobTransitions.Next(status, action)?.ToString());
    }
}
