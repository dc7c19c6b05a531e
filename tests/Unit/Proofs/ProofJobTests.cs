using System.Text;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Proofs;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Proofs;

public sealed class ProofJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Submit_SameContentTwice_IsOneJob()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var first = await host.SubmitAsync("a");
        var second = await host.SubmitAsync("a", priority: ProofPriority.Transaction, flow: "txn_1");

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(["txn_1"], second.Flows);
        Assert.Equal(ProofPriority.Transaction, second.Priority);
        Assert.Equal([first.Id], await host.LineAsync());
    }

    [Fact]
    public async Task Submit_SameContentOfTwoTenants_IsAJobOfEach()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var (ann, bob) = (await host.SubmitAsync("a"), await host.SubmitAsync("a", ProofHost.Bob));

        Assert.NotEqual(ann.Id, bob.Id);
        Assert.Null(await host.Get<ReadProof>().FindAsync(ProofHost.Bob, ann.Id, default));
    }

    [Fact]
    public async Task Submit_ManyAtOnce_EachIsAcceptedOnceAndInOrderOfPriority()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => host.SubmitAsync($"content {n / 2}")));
        var urgent = await host.SubmitAsync("urgent", priority: ProofPriority.Transaction);

        var line = await host.LineAsync();
        Assert.Equal(11, line.Count);
        Assert.Equal(urgent.Id, line[0]);
    }

    [Fact]
    public async Task Submit_TooManyWait_IsRefused()
    {
        await using var host = await ProofHost.StartAsync(_folder, null, ("Proofs:QueuedPerTenant", "1"));
        var first = await host.SubmitAsync("a");
        var refused = await host.Get<SubmitProof>().RunAsync(ProofHost.Ann, new ProofRequest("b"u8.ToArray()), default);
        Assert.Equal(ErrorCodes.RateLimited, refused.Error?.Code);

        await host.StartJobAsync(first);
        await host.SubmitAsync("b");
    }

    [Fact]
    public async Task Submit_TooManyBytesWait_IsRefusedUntilSomeBegan()
    {
        await using var host = await ProofHost.StartAsync(_folder, null, ("Proofs:QueuedBytesPerTenant", "1024"));
        var first = await host.SubmitAsync(new string('a', 2000));
        foreach (var more in new[] { "b", new string('b', 2000) })
        {
            var refused = await host.Get<SubmitProof>().RunAsync(ProofHost.Ann, new ProofRequest(Encoding.UTF8.GetBytes(more)), default);
            Assert.Equal(ErrorCodes.RateLimited, refused.Error?.Code);
        }

        Assert.Single(await BlobsAsync(host));
        await host.SubmitAsync("b", ProofHost.Bob);
        await host.StartJobAsync(first);
        await host.SubmitAsync(new string('b', 1000));
        await host.SubmitAsync("c");
        await host.Get<HoldProof>().ReturnAsync(ProofHost.Ann, first.Id, "one", default);
        Assert.False((await host.Get<SubmitProof>().RunAsync(ProofHost.Ann, new ProofRequest("d"u8.ToArray()), default)).IsSuccess);
    }

    [Theory]
    [InlineData("proof", 1)]
    [InlineData(null, 0)]
    public async Task Finish_HoweverItEnds_ErasesTheRequestAtOnce(string? proof, int left)
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        await host.StartJobAsync(job);
        await host.FinishAsync(job, proof);
        Assert.Equal(left, (await BlobsAsync(host)).Count(static name => name.Name.EndsWith(".result", StringComparison.Ordinal)));
        Assert.DoesNotContain(await BlobsAsync(host), static name => name.Name.EndsWith(".request", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GiveUp_JobThatWaitedTooLong_ErasesTheRequestAtOnce()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        await host.SubmitAsync("a");
        host.Clock.Advance(TimeSpan.FromHours(25));
        await host.LineAsync();
        Assert.Empty(await BlobsAsync(host));
    }

    [Fact]
    public async Task Finish_ByItsHolder_GivesTheProofAndCountsIt()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        await host.StartJobAsync(job);

        Assert.True(await host.FinishAsync(job, "proof"));
        Assert.False(await host.FinishAsync(job, "proof"));
        Assert.Equal(ProofJobStatus.Succeeded, (await host.ReadAsync(job.Id)).Status);
        Assert.Equal("proof", Encoding.UTF8.GetString((await host.Get<ReadProof>().ResultAsync(ProofHost.Ann, job.Id, default)).Value));
        var usage = await host.Get<MeterProofs>().ReadAsync(ProofHost.Ann, new DateOnly(2026, 6, 1), default);
        Assert.Equal((1, 2, 1), (usage!.Proofs, usage.Seconds, usage.ByK["6"].Proofs));
    }

    [Fact]
    public async Task Job_EachStateThatItComesTo_IsToldOnce()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        await host.SubmitAsync("a", priority: ProofPriority.Transaction);
        await host.SubmitAsync("a", flow: "txn_1");
        await host.StartJobAsync(job);
        for (var renewal = 0; renewal < 3; renewal++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(10));
            Assert.True(await host.Get<HoldProof>().KeepAsync(ProofHost.Ann, job.Id, "one", default));
        }

        await host.FinishAsync(job, "proof");
        await host.Get<CancelProof>().RunAsync(ProofHost.Ann, job.Id, default);
        Assert.Equal(["queued", "running", "succeeded"], await host.ToldAsync(job.Id));
    }

    [Fact]
    public async Task PutOff_NobodyCanProveIt_WaitsAndCostsNoAttemptButOneThatWasBegunDoes()
    {
        await using var host = await ProofHost.StartAsync(_folder, null, ("Proofs:MaxAttempts", "2"));
        var job = await host.SubmitAsync("a");
        var hold = host.Get<HoldProof>();
        var (away, gone) = (new ProofFailure(ProofFailureKind.Unavailable, "away"), new ProofFailure(ProofFailureKind.Interrupted, "gone"));
        foreach (var (failure, waits, attempts) in new[] { (away, true, 0), (gone, true, 1), (away, true, 1), (gone, false, 2) })
        {
            await host.StartJobAsync(job);
            Assert.False(await hold.PutOffAsync(ProofHost.Ann, job.Id, "another", failure, default));
            Assert.Equal(waits, await hold.PutOffAsync(ProofHost.Ann, job.Id, "one", failure, default));
            var after = await host.ReadAsync(job.Id);
            Assert.Equal((waits ? ProofJobStatus.Queued : ProofJobStatus.Failed, attempts), (after.Status, after.Attempts));
        }

        Assert.Equal("gone", (await host.ReadAsync(job.Id)).Failure?.Reason);
    }

    [Fact]
    public async Task Submit_WhatSucceededOrCannotBeProved_IsNotProvedAgain()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var (good, bad) = (await host.SubmitAsync("good"), await host.SubmitAsync("bad"));
        await host.StartJobAsync(good);
        await host.StartJobAsync(bad);
        await host.FinishAsync(good, "proof");
        await host.FinishAsync(bad, null);

        Assert.Equal(ProofJobStatus.Succeeded, (await host.SubmitAsync("good")).Status);
        Assert.Equal(ProofJobStatus.Failed, (await host.SubmitAsync("bad")).Status);
        Assert.Empty(await host.LineAsync());
    }

    [Fact]
    public async Task Start_TwoHosts_OneHasIt()
    {
        await using var one = await ProofHost.StartAsync(_folder);
        await using var two = await ProofHost.StartAsync(_folder, one.Clock);
        var job = await one.SubmitAsync("a");

        var started = await Task.WhenAll(one.StartJobAsync(job, "one"), two.StartJobAsync(job, "two"));
        Assert.Single(started, static job => job is not null);
        var loser = started[0] is null ? "one" : "two";
        Assert.False(await one.FinishAsync(job, "proof", loser));
        Assert.False(await two.Get<HoldProof>().KeepAsync(ProofHost.Ann, job.Id, loser, default));
    }

    [Fact]
    public async Task Look_HolderIsGone_TheJobWaitsAgainAndFailsAfterTheLastAttempt()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(attempt, (await host.StartJobAsync(job, $"holder {attempt}"))!.Attempts);
            host.Clock.Advance(TimeSpan.FromSeconds(20));
            Assert.True(await host.Get<HoldProof>().KeepAsync(ProofHost.Ann, job.Id, $"holder {attempt}", default));
            host.Clock.Advance(TimeSpan.FromSeconds(20));
            await host.LookAsync();
            Assert.Equal(ProofJobStatus.Running, (await host.ReadAsync(job.Id)).Status);
            host.Clock.Advance(TimeSpan.FromSeconds(20));
            await host.LookAsync();
        }

        var ended = await host.ReadAsync(job.Id);
        Assert.Equal((ProofJobStatus.Failed, ProofFailureKind.Internal), (ended.Status, ended.Failure!.Kind));
    }

    [Fact]
    public async Task NextAsync_JobWaitedTooLong_EndsWithTheReason()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        host.Clock.Advance(TimeSpan.FromHours(25));

        Assert.Empty(await host.LineAsync());
        Assert.Equal(ProofFailureKind.TimedOut, (await host.ReadAsync(job.Id)).Failure?.Kind);
    }

    [Fact]
    public async Task Cancel_WaitingRunningOrEnded_ErasesTheBytes()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var (waiting, running, ended) = (await host.SubmitAsync("waiting"), await host.SubmitAsync("running"), await host.SubmitAsync("ended"));
        await host.StartJobAsync(running);
        await host.StartJobAsync(ended);
        await host.FinishAsync(ended, "proof");
        foreach (var job in new[] { waiting, running, ended })
        {
            Assert.True((await host.Get<CancelProof>().RunAsync(ProofHost.Ann, job.Id, default)).IsSuccess);
        }

        Assert.Equal(ProofJobStatus.Cancelled, (await host.ReadAsync(waiting.Id)).Status);
        Assert.False(await host.FinishAsync(running, "proof"));
        Assert.Null(await host.Get<ReadProof>().FindAsync(ProofHost.Ann, ended.Id, default));
        Assert.Empty(await BlobsAsync(host));
        Assert.Equal(ErrorCodes.NotFound, (await host.Get<CancelProof>().RunAsync(ProofHost.Bob, waiting.Id, default)).Error?.Code);
        Assert.Equal(ProofJobStatus.Queued, (await host.SubmitAsync("waiting")).Status);
    }

    [Fact]
    public async Task Erase_TakenBackByAProcessThatDiedThen_NothingIsLeft()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        await host.Get<CancelProof>().RunAsync(ProofHost.Ann, job.Id, default);
        await host.Get<ProofPayloads>().PutRequestAsync(ProofHost.Ann, job.Payload, "a"u8.ToArray(), default);
        await host.Get<EraseProofs>().RunAsync(TimeSpan.FromSeconds(1), default);
        Assert.Empty(await BlobsAsync(host));
    }

    [Fact]
    public async Task Erase_EndOfLife_NothingIsLeft()
    {
        await using var host = await ProofHost.StartAsync(_folder);
        var job = await host.SubmitAsync("a");
        await host.StartJobAsync(job);
        await host.FinishAsync(job, "proof");
        var erase = host.Get<EraseProofs>();
        host.Clock.Advance(TimeSpan.FromHours(2));
        await erase.RunAsync(TimeSpan.FromSeconds(1), default);
        Assert.EndsWith(".result", Assert.Single(await BlobsAsync(host)).Name, StringComparison.Ordinal);

        host.Clock.Advance(TimeSpan.FromHours(23));
        await erase.RunAsync(TimeSpan.FromSeconds(1), default);
        Assert.Empty(await BlobsAsync(host));
        Assert.Null(await host.Get<ReadProof>().FindAsync(ProofHost.Ann, job.Id, default));
    }

    [Fact]
    public async Task Submit_WrittenToDisk_HoldsNoByteOfTheContent()
    {
        const string Witness = "a witness that nobody may read on the disk";
        await using (var host = await ProofHost.StartAsync(_folder))
        {
            await host.SubmitAsync(Witness);
        }

        foreach (var file in System.IO.Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(Witness, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
        }
    }

    private static async Task<List<BlobName>> BlobsAsync(ProofHost host)
    {
        List<BlobName> names = [];
        await foreach (var name in host.Get<IBlobStore>().ListAsync(ProofHost.Ann, "proofs", default))
        {
            names.Add(name);
        }

        return names;
    }
}
