using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Queue;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Who waits in the line gets an answer, whatever becomes of others who want the same.</summary>
public sealed class QueueTests
{
    [Fact]
    public async Task Prove_AskedAgainWhileTheOldTaskIsStillBeingStopped_IsProved()
    {
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover);
        using var gone = new CancellationTokenSource();
        var left = service.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove(1)), gone.Token);
        var old = await stepped.NextAsync();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await old.Told;

        var again = service.ProveAsync(1);
        await service.CallersAsync(1);
        old.Stop();
        (await stepped.NextAsync()).Done("again");
        Assert.Equal((200, "again"), await again);
    }

    [Fact]
    public async Task Prove_TheJobThatItWaitsForIsDeleted_IsProved()
    {
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover);
        var job = await service.SubmitAsync(1);
        var first = await stepped.NextAsync();
        var waits = service.ProveAsync(1);
        await service.CallersAsync(1);
        using var deleted = await service.Client.DeleteAsync($"/jobs/{job}");
        await first.Told;
        first.Stop();
        (await stepped.NextAsync()).Done("its own");
        Assert.Equal((200, "its own"), await waits);
    }

    [Fact]
    public async Task Prove_AnotherHostTookTheJobThatItWaitsFor_GetsWhatComesOfIt()
    {
        var stepped = new SteppedProver(size: 1);
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover);
        await service.SubmitAsync(1);
        var before = await stepped.NextAsync();
        var job = await service.SubmitAsync(2);
        var line = service.Services.GetRequiredService<ProofLine>();
        await Wait.UntilAsync(() => line.CountJobs(TenantId.Platform) == 1);
        var waits = service.ProveAsync(2);
        await service.CallersAsync(1);
        var hold = service.Services.GetRequiredService<HoldProof>();
        Assert.NotNull(await hold.StartAsync(TenantId.Platform, job, "another host", default));
        before.Done();
        await service.CallersAsync(0);
        await hold.ReturnAsync(TenantId.Platform, job, "another host", default);
        (await stepped.NextAsync()).Done("in the end");
        Assert.Equal((200, "in the end"), await waits);
    }

    [Fact]
    public async Task Prove_ItsUseCannotBeWritten_IsAnsweredAndLogged()
    {
        var stores = new HookedStores
        {
            Committing = static writes => writes.Any(static write => write.Key.Kind == "proofUsage") ? throw new IOException("the disk is full") : Task.CompletedTask,
        };
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover, stores.AddTo);
        var call = service.ProveAsync(1);
        (await stepped.NextAsync()).Done();
        Assert.Equal((200, "proof"), await call);
        Assert.Contains("the disk is full", service.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_AllSlotsAreTakenElsewhereAndTimersAreEarly_IsProvedWhenOneIsFree()
    {
        var stores = new HookedStores();
        var refused = 0;
        stores.TakingLease = _ => Task.FromResult(Interlocked.Increment(ref refused));
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(
            stepped.Prover,
            services =>
            {
                stores.AddTo(services);
                services.AddSingleton<TimeProvider>(new HastyTimeProvider());
            },
            ("Proofs:RunningPerTenant", "1"));
        var leases = service.Services.GetRequiredService<Core.Leases.ILeaseStore>();
        var elsewhere = await leases.TryAcquireAsync($"proof-slot|{TenantId.Platform.Value}|0", TimeSpan.FromMinutes(10), default);
        var call = service.ProveAsync(1);
        await Wait.UntilAsync(() => Volatile.Read(ref refused) >= 2);
        await leases.ReleaseAsync(elsewhere!, default);
        (await stepped.NextAsync()).Done();
        Assert.Equal((200, "proof"), await call);
    }

    [Fact]
    public async Task Jobs_OneTenantsCannotBeRead_AnothersAreProved()
    {
        TenantId? broken = null;
        var stores = new HookedStores();
        stores.Querying = (tenant, query) => tenant == broken && query.Kind == "proofJob" ? throw new IOException("this page is damaged") : Task.CompletedTask;
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover, stores.AddTo);
        var (ann, bob) = (await service.SignUpAsync("ann"), await service.SignUpAsync("bob"));
        broken = ann.Tenant.Id;
        await service.Services.GetRequiredService<SubmitProof>().RunAsync(ann.Tenant.Id, new ProofRequest(Bodies.Prove(1)), default);
        var job = service.Services.GetRequiredService<SubmitProof>().RunAsync(bob.Tenant.Id, new ProofRequest(Bodies.Prove(2)), default);
        (await stepped.NextAsync()).Done();
        await service.UntilAsync((await job).Value.Id, "succeeded", bob.AccessToken);
    }

    /// <summary>Timers of this clock fire a tenth too early.</summary>
    private sealed class HastyTimeProvider : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime * 0.9 : dueTime, period);
    }
}
