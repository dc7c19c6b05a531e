using MidnightOS.Core.Chain;
using MidnightOS.Core.Results;
using MidnightOS.Midnight.Ledger;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Ledger;

public sealed class LedgerPoolTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task DeriveAsync_KnownSeed_GivesKnownKeys()
    {
        await using var pool = new PoolUnderTest();
        using var secret = new TestSecret(3);
        var keys = await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);

        Assert.Equal("mn_addr_undeployed1pu0h0m0kec5yqdvu3tw602h8ty0vm3hs48j0cxzyl26e6vs9rx6s7kd3zl", keys.UnshieldedAddress);
        Assert.Equal("0f1f77edf6ce2840359c8adda7aae7591ecdc6f0a9e4fc1844fab59d320519b5", keys.UnshieldedAddressHex);
        Assert.Equal("60bf04c7f1b9e8dcea6e955ae9b8de265f9fa5df6ca9aadf207b2d55ad29b1a4", keys.UnshieldedPublicKey);
        Assert.StartsWith("mn_shield-addr_undeployed1", keys.ShieldedAddress, StringComparison.Ordinal);
        Assert.StartsWith("mn_dust_undeployed1", keys.DustAddress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildTransferAsync_Plan_DecodesToIt()
    {
        await using var pool = new PoolUnderTest();
        using var secret = new TestSecret(3);
        var plan = PoolUnderTest.Plan(new string('c', 64));
        var bound = (await pool.Ledger.BuildTransferAsync(secret, plan, None)).Value;
        var decoded = (await pool.Ledger.DecodeAsync(bound.Bytes, None)).Value;

        Assert.Equal(bound.Hash, decoded.Hash);
        Assert.Equal(bound.Identifiers, decoded.Identifiers);
        Assert.Equal(plan.Ttl, decoded.Ttl);
        Assert.Equal(plan.Inputs, decoded.Inputs);
        Assert.Equal(plan.Outputs, decoded.Outputs);
    }

    [Fact]
    public async Task BuildTransferAsync_Unbalanced_IsAnErrorThatNamesTheLedgersCode()
    {
        await using var pool = new PoolUnderTest();
        using var secret = new TestSecret(3);
        var plan = PoolUnderTest.Plan(new string('c', 64));
        var result = await pool.Ledger.BuildTransferAsync(secret, plan with { Outputs = [plan.Outputs[0] with { Value = new(9) }] }, None);

        Assert.Equal(ErrorCodes.InvalidRequest, result.Error?.Code);
        Assert.Equal("UNBALANCED", result.Error?.Details?[LedgerErrors.Detail]);
    }

    [Fact]
    public async Task DecodeAsync_NoTransaction_IsAnError()
    {
        await using var pool = new PoolUnderTest();
        var result = await pool.Ledger.DecodeAsync(new byte[] { 1, 2, 3 }, None);
        Assert.Equal("LEDGER", result.Error?.Details?[LedgerErrors.Detail]);
    }

    [Fact]
    public async Task DecodeAsync_BytesLargerThanAPipeHolds_IsAnswered()
    {
        await using var pool = new PoolUnderTest();
        var result = await pool.Ledger.DecodeAsync(new byte[3_000_000], None);
        Assert.Equal("LEDGER", result.Error?.Details?[LedgerErrors.Detail]);
    }

    [Fact]
    public async Task DeriveAsync_ManyAtOnce_AllAnsweredByNoMoreProcessesThanAllowed()
    {
        await using var pool = new PoolUnderTest(("Workers", "2"));
        var keys = await Task.WhenAll(Enumerable.Range(1, 40).Select(async number =>
        {
            using var secret = new TestSecret((byte)number);
            return await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        }));

        Assert.Equal(40, keys.Select(key => key.UnshieldedAddress).Distinct().Count());
        Assert.InRange(pool.Workers.Ids.Count, 1, 2);
    }

    [Fact]
    public async Task DeriveAsync_ProcessKilledDuringTheCall_AnsweredByANewOne()
    {
        await using var pool = new PoolUnderTest(("Workers", "1"));
        using var secret = new TestSecret(3);
        var expected = await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        var killed = Assert.Single(pool.Workers.Ids);
        await PoolUnderTest.SignalAsync(killed, "STOP");
        var call = pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        await PoolUnderTest.SignalAsync(killed, "KILL");

        Assert.Equal(expected, await call);
        Assert.NotEqual(killed, Assert.Single(pool.Workers.Ids));
        Assert.Equal(3, secret.Writes);
    }

    [Fact]
    public async Task DeriveAsync_IdleProcessDied_AnsweredByANewOne()
    {
        await using var pool = new PoolUnderTest(("Workers", "1"));
        using var secret = new TestSecret(3);
        var expected = await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        await PoolUnderTest.SignalAsync(Assert.Single(pool.Workers.Ids), "KILL");
        Assert.Equal(expected, await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None));
    }

    [Fact]
    public async Task DeriveAsync_ProcessHangs_UnavailableAndReplaced()
    {
        var clock = new ManualTimeProvider();
        await using var pool = new PoolUnderTest(clock, ("Workers", "1"));
        using var secret = new TestSecret(3);
        await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        var hanging = Assert.Single(pool.Workers.Ids);
        await PoolUnderTest.SignalAsync(hanging, "STOP");
        var call = pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        clock.Advance(new LedgerOptions().CallTimeout);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => call);
        await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        Assert.NotEqual(hanging, Assert.Single(pool.Workers.Ids));
    }

    [Fact]
    public async Task DeriveAsync_AfterMaxAge_ProcessThatSawASeedIsReplaced()
    {
        var clock = new ManualTimeProvider();
        await using var pool = new PoolUnderTest(clock, ("Workers", "1"));
        using var secret = new TestSecret(3);
        await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        var old = Assert.Single(pool.Workers.Ids);
        clock.Advance(new LedgerOptions().MaxAge);

        Assert.DoesNotContain(old, pool.Workers.Ids);
        await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        Assert.NotEqual(old, Assert.Single(pool.Workers.Ids));
    }

    [Fact]
    public async Task DeriveAsync_ThenLongIdle_OneProcessIsKept()
    {
        var clock = new ManualTimeProvider();
        await using var pool = new PoolUnderTest(clock, ("Workers", "2"));
        using var secret = new TestSecret(3);
        await Task.WhenAll(
            pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None), pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None));
        Assert.Equal(2, pool.Workers.Ids.Count);
        clock.Advance(new LedgerOptions().IdleTimeout);

        Assert.Single(pool.Workers.Ids);
    }

    [Fact]
    public void Validate_SettingOutOfBounds_NamesIt()
    {
        var result = new ValidateLedgerOptions().Validate(null, new LedgerOptions { Workers = -1, CallTimeout = TimeSpan.Zero });
        Assert.Equal(["Ledger:Workers", "Ledger:CallTimeout"], result.Failures!.Select(failure => failure.Split(' ')[0]));
    }

    [Fact]
    public async Task DeriveAsync_MoreCallsThanTheQueueHolds_Refused()
    {
        await using var pool = new PoolUnderTest(("Workers", "1"), ("QueueLength", "1"));
        using var secret = new TestSecret(3);
        await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        var process = Assert.Single(pool.Workers.Ids);
        await PoolUnderTest.SignalAsync(process, "STOP");
        var calls = Enumerable.Range(0, 4).Select(_ => pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None)).ToList();
        await PoolUnderTest.SignalAsync(process, "CONT");

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => calls[^1]);
        await calls[0];
    }

    [Fact]
    public async Task DeriveAsync_CancelledWhileWaiting_GivesUpItsPlace()
    {
        await using var pool = new PoolUnderTest(("Workers", "1"));
        using var secret = new TestSecret(3);
        await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        var process = Assert.Single(pool.Workers.Ids);
        await PoolUnderTest.SignalAsync(process, "STOP");
        var first = pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        using var cancellation = new CancellationTokenSource();
        using var other = new TestSecret(4);
        var second = pool.Ledger.DeriveAsync(other, NetworkId.Undeployed, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(0, other.Writes);
        await PoolUnderTest.SignalAsync(process, "CONT");
        await first;
    }

    [Fact]
    public async Task DeriveAsync_AfterMaxOperations_ProcessIsReplaced()
    {
        await using var pool = new PoolUnderTest(("Workers", "1"), ("MaxOperations", "3"));
        using var secret = new TestSecret(3);
        var seen = new HashSet<int>();
        for (var call = 0; call < 9; call++)
        {
            await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
            seen.UnionWith(pool.Workers.Ids);
        }

        Assert.InRange(seen.Count, 3, 4);
    }

    [Fact]
    public async Task DeriveAsync_TwoPools_DoNotDisturbEachOther()
    {
        await using var left = new PoolUnderTest(("Workers", "1"));
        await using var right = new PoolUnderTest(("Workers", "1"));
        using var secret = new TestSecret(3);
        var keys = await Task.WhenAll(
            left.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None), right.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None));

        Assert.Equal(keys[0], keys[1]);
        Assert.Empty(left.Workers.Ids.Intersect(right.Workers.Ids));
    }

    [Fact]
    public async Task DisposeAsync_IdleAndBusyProcesses_NoneIsLeft()
    {
        var pool = new PoolUnderTest(("Workers", "2"));
        using var secret = new TestSecret(3);
        await Task.WhenAll(
            pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None), pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None));
        var processes = pool.Workers.Ids;
        Assert.Equal(2, processes.Count);
        await PoolUnderTest.SignalAsync(processes[0], "STOP");
        await PoolUnderTest.SignalAsync(processes[1], "STOP");
        var call = pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        await pool.DisposeAsync();

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => call);
        Assert.All(processes, process => Assert.False(PoolUnderTest.IsRunning(process)));
    }

    [Fact]
    public async Task DeriveAsync_AnyProcess_HasNeitherTheHostsEnvironmentNorCoreDumps()
    {
        Environment.SetEnvironmentVariable("MIDNIGHTOS_TEST_SECRET", "hunter2");
        await using var pool = new PoolUnderTest(("Workers", "1"));
        using var secret = new TestSecret(3);
        await pool.Ledger.DeriveAsync(secret, NetworkId.Undeployed, None);
        var process = Assert.Single(pool.Workers.Ids);

        Assert.Equal("NODE_ENV=production\0", await File.ReadAllTextAsync($"/proc/{process}/environ"));
        var limit = (await File.ReadAllLinesAsync($"/proc/{process}/limits")).Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal));
        Assert.InRange(int.Parse(limit.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4]), 0, 1);
    }
}
