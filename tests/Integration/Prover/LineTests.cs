using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Proving;
using MidnightOS.Prover.Queue;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Who goes before whom in the line.</summary>
public sealed class LineTests
{
    [Fact]
    public async Task Prove_OthersWaitForAFile_TheirPlacesAreNotHeldMeanwhile()
    {
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover);
        var files = service.Services.GetRequiredService<FileWaits>();
        var file = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var large = new[] { service.ProveAsync(1), service.ProveAsync(2) };
        var (first, second) = (await stepped.NextAsync(), await stepped.NextAsync());
        var small = service.ProveAsync(3);
        var waits = new[] { files.WhileAsync(file.Task), files.WhileAsync(file.Task) };
        (await stepped.NextAsync()).Done("small");
        Assert.Equal((200, "small"), await small);

        file.SetResult(0);
        await Task.WhenAll(waits);
        Assert.Equal(0, files.Count);
        first.Done("large");
        second.Done("large");
        Assert.All(await Task.WhenAll(large), static answer => Assert.Equal((200, "large"), answer));
    }

    [Fact]
    public async Task AddJob_ATransactionWaitsForItNow_GoesAheadOfItsTenantsOthers()
    {
        var stepped = new SteppedProver(size: 1);
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover);
        List<string> jobs = [];
        for (var n = 1; n <= 3; n++)
        {
            jobs.Add(await service.SubmitAsync(n));
        }

        var line = service.Services.GetRequiredService<ProofLine>();
        var running = await stepped.NextAsync();
        await Wait.UntilAsync(() => line.CountJobs(TenantId.Platform) == 2);
        var raised = await service.Services.GetRequiredService<SubmitProof>()
            .RunAsync(TenantId.Platform, new ProofRequest(Bodies.Prove(3), ProofPriority.Transaction), default);
        Assert.Equal(jobs[2], raised.Value.Id);
        Assert.Null(line.AddJob(TenantId.Platform, raised.Value));
        running.Done();
        foreach (var circuit in new[] { "circuit 3", "circuit 2" })
        {
            var step = await stepped.NextAsync();
            Assert.Equal(circuit, step.Circuit);
            step.Done();
        }
    }
}
