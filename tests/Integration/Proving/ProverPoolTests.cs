using System.Text;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;
using MidnightOS.Tests.Integration.Ledger;
using MidnightOS.Tests.Integration.Prover;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Proving;

public sealed class ProverPoolTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Proof = [.. Encoding.ASCII.GetBytes("midnight:proof-versioned:"), 1];

    [CircuitFact]
    public async Task ProveAsync_Call_GivesAProofOfItsSize()
    {
        await using var proving = new ProvingUnderTest();
        var answer = await proving.Prover.ProveAsync(await SmallCircuit.ProveAsync(), None);

        Assert.True(answer.IsDone, answer.Failure?.Reason);
        Assert.Equal(6, answer.K);
        Assert.InRange(answer.Content.Length, 2_000, 5_000);
        Assert.Equal(Proof, answer.Content[..Proof.Length].ToArray());
        Assert.True(answer.Worked > TimeSpan.Zero);
    }

    [CircuitFact]
    public async Task CheckAsync_Call_GivesTheOfficialVector()
    {
        await using var proving = new ProvingUnderTest();
        var answer = await proving.Prover.CheckAsync(await SmallCircuit.CheckAsync(), None);

        Assert.True(answer.IsDone, answer.Failure?.Reason);
        Assert.Equal([.. Encoding.ASCII.GetBytes("midnight:vec(option(u64)):"), 13 << 2, .. new byte[13]], answer.Content.ToArray());
    }

    [CircuitFact]
    public async Task KAsync_Circuit_IsSix()
    {
        await using var proving = new ProvingUnderTest();
        Assert.Equal(6, (await proving.Prover.KAsync(OfficialBodies.Circuit("bzkir"), None)).K);
        Assert.Equal(ProofFailureKind.BadInput, (await proving.Prover.KAsync(OfficialBodies.Circuit("verifier"), None)).Failure?.Kind);
    }

    [CircuitFact]
    public async Task ProveTransactionAsync_Call_GivesAProvenTransaction()
    {
        await using var proving = new ProvingUnderTest();
        var answer = await proving.Prover.ProveTransactionAsync(await SmallCircuit.ProveTransactionAsync(), None);

        Assert.True(answer.IsDone, answer.Failure?.Reason);
        Assert.StartsWith("midnight:transaction[v9](signature[v1],proof,", Encoding.Latin1.GetString(answer.Content.Span), StringComparison.Ordinal);
    }

    [CircuitFact]
    public async Task ProveTransactionAsync_KeysMissing_NamesThem()
    {
        await using var proving = new ProvingUnderTest();
        var request = await SmallCircuit.ProveTransactionAsync();
        var answer = await proving.Prover.ProveTransactionAsync(request with { Keys = new Dictionary<string, KeyMaterial>(StringComparer.Ordinal) }, None);

        Assert.Equal(ProofFailureKind.BadInput, answer.Failure?.Kind);
        Assert.Contains("\"count\"", answer.Failure!.Reason, StringComparison.Ordinal);
    }

    [CircuitFact]
    public async Task ProveAsync_BuiltInKeyIsNotThere_NamesFileAndSetting()
    {
        await using var proving = new ProvingUnderTest();
        var request = await SmallCircuit.ProveAsync();
        var answer = await proving.Prover.ProveAsync(request with { Keys = null, KeyLocation = "midnight/zswap/spend" }, None);

        Assert.Equal(ProofFailureKind.MissingFile, answer.Failure?.Kind);
        Assert.Contains("zswap/9/spend.prover", answer.Failure!.Reason, StringComparison.Ordinal);
        Assert.Contains("Prover:ParameterSource", answer.Failure.Reason, StringComparison.Ordinal);
    }

    [CircuitFact]
    public async Task ProveAsync_TamperedInput_RefusedAndNoProcessIsLost()
    {
        await using var proving = new ProvingUnderTest(("Workers", "1"));
        var right = await SmallCircuit.ProveAsync();
        await proving.Prover.ProveAsync(right, None);
        var process = Assert.Single(proving.Workers.Ids);
        var keys = right.Keys!;
        foreach (var (wrong, reason) in new[]
        {
            (right with { Preimage = SmallCircuit.Changed(right.Preimage, 35) }, "Public transcript input mismatch for input 6."),
            (right with { Preimage = right.Preimage[..^1] }, "Failed to fill whole buffer."),
            (right with { Keys = keys with { Ir = SmallCircuit.Changed(keys.Ir, 60, 3) } }, "Out of range for u32."),
            (right with { Keys = keys with { ProverKey = SmallCircuit.Changed(keys.ProverKey, 20_000, 3) } }, "Invalid proof."),
            (right with { Keys = keys with { VerifierKey = SmallCircuit.Changed(keys.VerifierKey, 200) } }, "Problem reading the verifier key."),
        })
        {
            var failure = (await proving.Prover.ProveAsync(wrong, None)).Failure;
            Assert.Equal((ProofFailureKind.BadInput, reason), (failure?.Kind, failure?.Reason));
        }

        Assert.Equal(process, Assert.Single(proving.Workers.Ids));
    }

    [CircuitFact]
    public async Task ProveAsync_KeyThatMakesTheProverPanic_RefusedAndTheProcessReplaced()
    {
        await using var proving = new ProvingUnderTest(("Workers", "1"));
        var right = await SmallCircuit.ProveAsync();
        Assert.True((await proving.Prover.ProveAsync(right, None)).IsDone);
        var process = Assert.Single(proving.Workers.Ids);
        var failure = (await proving.Prover.ProveAsync(right with { Keys = right.Keys! with { ProverKey = SmallCircuit.Changed(right.Keys.ProverKey, 2000, 3) } }, None)).Failure;

        Assert.Equal(ProofFailureKind.BadInput, failure?.Kind);
        Assert.True((await proving.Prover.ProveAsync(right, None)).IsDone);
        Assert.DoesNotContain(process, proving.Workers.Ids);
    }

    [CircuitFact]
    public async Task ProveAsync_ProcessesKilledTwentyTimes_EveryProofIsMadeOrRefusedWithAReason()
    {
        await using var proving = new ProvingUnderTest(("Workers", "2"));
        var request = await SmallCircuit.ProveAsync();
        await proving.Prover.ProveAsync(request, None);
        var killed = 0;
        var done = 0;
        while (killed < 20)
        {
            var calls = Enumerable.Range(0, 2).Select(_ => proving.Prover.ProveAsync(request, None)).ToList();
            foreach (var process in proving.Workers.Ids)
            {
                killed += await TryKillAsync(process) ? 1 : 0;
            }

            foreach (var answer in await Task.WhenAll(calls))
            {
                Assert.True(answer.IsDone || answer.Failure.Kind == ProofFailureKind.Internal, answer.Failure?.Reason);
                done += answer.IsDone ? 1 : 0;
            }
        }

        Assert.InRange(done, 1, int.MaxValue);
        Assert.True((await proving.Prover.ProveAsync(request, None)).IsDone);
        Assert.InRange(proving.Workers.Ids.Count, 1, 2);
    }

    [CircuitFact]
    public async Task ProveAsync_ProcessHangs_ReplacedAndProved()
    {
        var clock = new ManualTimeProvider();
        await using var proving = new ProvingUnderTest(clock, ("Workers", "1"));
        var request = await SmallCircuit.ProveAsync();
        await proving.Prover.ProveAsync(request, None);
        var hanging = Assert.Single(proving.Workers.Ids);
        await PoolUnderTest.SignalAsync(hanging, "STOP");
        var call = proving.Prover.ProveAsync(request, None);
        clock.Advance(new ProverPoolOptions().ProofTimeout);

        Assert.True((await call).IsDone);
        Assert.DoesNotContain(hanging, proving.Workers.Ids);
        Assert.Contains("7203", proving.Logs.Text, StringComparison.Ordinal);
    }

    [CircuitFact]
    public async Task ProveAsync_HangsEveryTime_TimedOut()
    {
        await using var proving = new ProvingUnderTest(("Workers", "1"), ("ProofTimeout", "00:00:00.020"));
        Assert.Null(await proving.Parameters.EnsureAsync(6, again: false, None));
        var answer = await proving.Prover.ProveAsync(await SmallCircuit.ProveAsync(), None);
        Assert.Equal(ProofFailureKind.TimedOut, answer.Failure?.Kind);
    }

    [CircuitFact]
    public async Task ProveAsync_Cancelled_ProcessEndsAndTheNextIsProved()
    {
        await using var proving = new ProvingUnderTest(("Workers", "1"));
        var request = await SmallCircuit.ProveAsync();
        await proving.Prover.ProveAsync(request, None);
        var process = Assert.Single(proving.Workers.Ids);
        await PoolUnderTest.SignalAsync(process, "STOP");
        using var cancellation = new CancellationTokenSource();
        var call = proving.Prover.ProveAsync(request, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True((await proving.Prover.ProveAsync(request, None)).IsDone);
        Assert.DoesNotContain(process, proving.Workers.Ids);
        Assert.False(PoolUnderTest.IsRunning(process));
    }

    [CircuitFact]
    public async Task ProveAsync_AfterMaxOperations_ProcessIsReplaced()
    {
        await using var proving = new ProvingUnderTest(("Workers", "1"), ("MaxOperations", "2"));
        var request = await SmallCircuit.CheckAsync();
        var seen = new HashSet<int>();
        for (var call = 0; call < 6; call++)
        {
            Assert.True((await proving.Prover.CheckAsync(request, None)).IsDone);
            seen.UnionWith(proving.Workers.Ids);
        }

        Assert.InRange(seen.Count, 3, 5);
    }

    [CircuitFact]
    public async Task ProveAsync_SameKeysAgain_PassedOnce()
    {
        using var meters = new MeterWatch("midnight.prover.keys.passed");
        await using var proving = new ProvingUnderTest(("Workers", "1"));
        meters.Follow(proving.Meters);
        for (var call = 0; call < 4; call++)
        {
            Assert.True((await proving.Prover.ProveAsync(await SmallCircuit.ProveAsync(), None)).IsDone);
        }

        Assert.Equal(1, meters.Sum);
    }

    [CircuitFact]
    public async Task ProveAsync_MoreKeysThanAProcessMayHold_OldOnesAreDroppedAndPassedAgain()
    {
        using var meters = new MeterWatch("midnight.prover.keys.passed");
        var request = await SmallCircuit.ProveAsync();
        await using var proving = new ProvingUnderTest(("Workers", "1"), ("MaxKeyBytes", request.Keys!.Length.ToString()));
        meters.Follow(proving.Meters);
        var other = request with { Keys = request.Keys with { VerifierKey = SmallCircuit.Changed(request.Keys.VerifierKey, 200) } };
        Assert.True((await proving.Prover.ProveAsync(request, None)).IsDone);
        Assert.False((await proving.Prover.ProveAsync(other, None)).IsDone);
        Assert.True((await proving.Prover.ProveAsync(request, None)).IsDone);

        Assert.Equal(3, meters.Sum);
        Assert.Single(proving.Workers.Ids);
    }

    [CircuitFact]
    public async Task ProveAsync_ParametersAreFetched_TheCallIsOneOfThoseThatHoldNoProcess()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var source = await FakeSource.StartAsync(async (context, _) =>
        {
            asked.TrySetResult();
            await answer.Task;
            context.Response.StatusCode = 404;
        });
        using var folder = new TemporaryFolder();
        await using var proving = new ProvingUnderTest(("Workers", "1"), ("ParameterFolder", folder.Path), ("ParameterSource", source.Address));
        var proof = proving.Prover.ProveAsync(await SmallCircuit.ProveAsync(), None);
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, proving.Files.Count);
        Assert.True((await proving.Prover.CheckAsync(await SmallCircuit.CheckAsync(), None)).IsDone);
        answer.SetResult();
        Assert.True((await proof).IsDone);
        Assert.Equal(0, proving.Files.Count);
    }

    [CircuitFact]
    public async Task ProveAsync_CircuitLargerThanAllowed_Refused()
    {
        await using var proving = new ProvingUnderTest(("MaxK", "5"));
        var failure = (await proving.Prover.ProveAsync(await SmallCircuit.ProveAsync(), None)).Failure;
        Assert.Equal(ProofFailureKind.BadInput, failure?.Kind);
        Assert.Contains("Prover:MaxK", failure!.Reason, StringComparison.Ordinal);
    }

    [CircuitFact]
    public async Task DisposeAsync_BusyProcess_NoneIsLeft()
    {
        var proving = new ProvingUnderTest(("Workers", "1"));
        var request = await SmallCircuit.ProveAsync();
        await proving.Prover.ProveAsync(request, None);
        var process = Assert.Single(proving.Workers.Ids);
        await PoolUnderTest.SignalAsync(process, "STOP");
        var call = proving.Prover.ProveAsync(request, None);
        await proving.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.False(PoolUnderTest.IsRunning(process));
    }

    [Fact]
    public void Validate_SettingOutOfBounds_NamesIt()
    {
        var result = new ValidateProverPoolOptions().Validate(null, new ProverPoolOptions { Workers = -1, ProofTimeout = TimeSpan.Zero, MaxK = 26 });
        Assert.Equal(["Prover:Workers", "Prover:ProofTimeout", "Prover:MaxK"], result.Failures!.Select(failure => failure.Split(' ')[0]));
    }

    [Fact]
    public void Hash_CopyWithAnotherPart_IsAnother()
    {
        var keys = new KeyMaterial(new byte[1], new byte[2], new byte[3]);
        var known = keys.Hash;
        Assert.NotEqual(known, (keys with { Ir = new byte[4] }).Hash);
        Assert.Equal(known, (keys with { Ir = new byte[3] }).Hash);
    }

    private static async Task<bool> TryKillAsync(int process)
    {
        if (!PoolUnderTest.IsRunning(process))
        {
            return false;
        }

        await PoolUnderTest.SignalAsync(process, "KILL");
        return true;
    }
}
