using MidnightOS.Core.Blobs;
using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>A call that takes longer than an answer may becomes a job while it is proved: once, whatever happens at that moment.</summary>
public sealed class HandOverTests
{
    private static readonly (string, string) Short = ("Prover:AnswerTimeout", "00:00:01");

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Prove_ProofEndsWhileItBecomesAJob_IsThatJobsProofAndCountedOnce()
    {
        var stores = new HookedStores { PuttingBlob = name => IsRequest(name) ? MeetAsync() : Task.CompletedTask };
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover, stores.AddTo, Short);
        var call = service.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove(1)));
        var proving = await stepped.NextAsync();
        await _reached.Task;
        proving.Done("just in time");
        _goOn.SetResult();
        using var answer = await call;
        Assert.Equal(503, (int)answer.StatusCode);
        var view = await service.UntilAsync(answer.Headers.Location!.OriginalString["/jobs/".Length..], "succeeded");

        Assert.Equal((1, 1), ((int)view["attempts"]!, await service.MeteredAsync()));
        Assert.Equal((200, "just in time"), await service.ProveAsync(1));
        Assert.Single(stepped.Prover.Asked);
    }

    [Fact]
    public async Task Prove_BecomesAJobWhileItWaitsForASlot_IsProvedOnce()
    {
        var stores = new HookedStores { TakingLease = name => name.StartsWith("proof-slot", StringComparison.Ordinal) ? MeetAsync() : Task.CompletedTask };
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover, stores.AddTo, Short);
        using var answer = await service.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove(1)));
        Assert.Equal(503, (int)answer.StatusCode);
        _goOn.SetResult();
        (await stepped.NextAsync()).Done();
        var view = await service.UntilAsync(answer.Headers.Location!.OriginalString["/jobs/".Length..], "succeeded");
        Assert.Equal((1, 1), ((int)view["attempts"]!, await service.MeteredAsync()));
        Assert.Single(stepped.Prover.Asked);
    }

    [Fact]
    public async Task Prove_JobCannotBeStored_TheProofIsStoppedBeforeItsBytesAreWiped()
    {
        var stores = new HookedStores { PuttingBlob = static name => IsRequest(name) ? throw new IOException("the disk is full") : Task.CompletedTask };
        ReadOnlyMemory<byte> seen = default;
        var (told, wiped) = (new TaskCompletionSource(), true);
        var peeking = new PeekingProver((preimage, _) => seen = preimage)
        {
            Until = async stop =>
            {
                await Task.Delay(Timeout.Infinite, stop).ContinueWith(static _ => { }, TaskScheduler.Default);
                await Task.Yield();
                wiped = seen.Span.IndexOfAnyExcept((byte)0) < 0;
                told.TrySetResult();
            },
        };
        await using var service = await ProverUnderTest.StartAsync(peeking, stores.AddTo, Short);
        Assert.Equal(500, (await service.ProveAsync(1)).Status);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(wiped);
        await service.CallersAsync(0);
    }

    [Fact]
    public async Task Jobs_TheSameContentIsBeingProvedForACaller_IsProvedOnce()
    {
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover);
        var call = service.ProveAsync(1);
        var proving = await stepped.NextAsync();
        var job = await service.SubmitAsync(1);
        await service.UntilAsync(job, "running");
        proving.Done("for both");
        await service.UntilAsync(job, "succeeded");
        Assert.Equal((200, "for both"), await call);
        Assert.Equal(1, await service.MeteredAsync());
        Assert.Single(stepped.Prover.Asked);
    }

    private static bool IsRequest(BlobName name) => name.Name.EndsWith(".request", StringComparison.Ordinal);

    private Task MeetAsync()
    {
        _reached.TrySetResult();
        return _goOn.Task;
    }
}
