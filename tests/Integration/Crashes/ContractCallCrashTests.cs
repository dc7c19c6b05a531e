using MidnightOS.Core.Chain;
using MidnightOS.Tests.Integration.Contracts;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Prover;

namespace MidnightOS.Tests.Integration.Crashes;

/// <summary>A host is killed at every boundary that a contract call crosses, one process after the other; the contract is called once.</summary>
[Collection(CrashCollection.Name)]
public sealed class ContractCallCrashTests(ChainUnderCrashes chain)
{
    // What a dead host held is taken up at once, and its deaths are no fault of the proof.
    private static readonly string[] Proofs = ["--Proofs:Lease", "00:00:01", "--Proofs:MaxAttempts", "100"];

    [CircuitFact]
    public async Task Call_KilledAtEveryBoundary_CallsOnceAndLeavesNothingPrivate()
    {
        await using var client = chain.Client();
        var circuit = await CircuitUnderTest.DeployAsync(chain.Node, client.Contracts);
        var address = circuit.Addresses[0];
        var untouched = await CircuitUnderTest.StateAsync(client.Contracts, address);
        await using var run = new CrashRun("^contract-call: ", [.. chain.Settings, .. Proofs]);
        var host = await run.StartAsync();
        using var before = await PlatformClient.SignUpAsync(host.Address);
        var bot = await before.CreateBotAsync("Caller");
        var id = await circuit.CallAsync(before, bot, address);
        await run.DieUntilEndOfAsync(host, id);
        foreach (var step in (string[])["transaction.inspect", "contract-call.build", "contract-call.prove", "transaction.submit", "transaction.check", "contract-call.end"])
        {
            Assert.All(["starting", "returned", "journalled"], boundary => Assert.Contains(
                run.Deaths, death => death.StartsWith($"contract-call: {step}#", StringComparison.Ordinal) && death.EndsWith(boundary, StringComparison.Ordinal)));
        }

        var last = await run.FinishAsync();
        using var ann = before.On(last.Address);
        var end = await ann.EndOfAsync(id);
        Assert.True((string?)end["status"] == "confirmed", end.ToJsonString());
        Assert.Equal(["requested", "building", "proving", "submitted", "confirmed"], end["history"]!.AsArray().Select(static moment => (string?)moment!["status"]));
        Assert.NotEqual(untouched, await CircuitUnderTest.StateAsync(client.Contracts, address));
        await last.StopAsync();

        await using var state = new StoredState(run.Data, before.Session);
        await state.AssertSettledAsync(id);
        Assert.Empty(state.BlobsOf("contract-calls"));
        Assert.Empty(state.BlobsOf("proofs"));
    }
}
