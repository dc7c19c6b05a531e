using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>One tenant's flood does not keep another's call out.</summary>
public sealed class FairDoorTests
{
    [Fact]
    public async Task Prove_OneTenantFillsTheLine_AnotherStillFindsItsShareOfPlaces()
    {
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover, ("Prover:Capacity", "4"));
        var (ann, bob) = (await service.SignUpAsync("ann"), await service.SignUpAsync("bob"));
        List<Task<(int Status, string Text)>> calls = [];
        for (var n = 1; n <= 6; n++)
        {
            calls.Add(service.ProveAsync(n, ann.AccessToken));
            await service.CallersAsync(n);
        }

        Assert.Equal((429, "Job Queue full"), await service.ProveAsync(7, ann.AccessToken));
        calls.Add(service.ProveAsync(8, bob.AccessToken));
        await service.CallersAsync(7);
        calls.Add(service.ProveAsync(9, bob.AccessToken));
        await service.CallersAsync(8);
        Assert.Equal((429, "Job Queue full"), await service.ProveAsync(10, bob.AccessToken));
        for (var n = 0; n < calls.Count; n++)
        {
            (await stepped.NextAsync()).Done();
        }

        Assert.All(await Task.WhenAll(calls), static answer => Assert.Equal((200, "proof"), answer));
    }

    [Fact]
    public async Task Prove_OneTenantsBodiesFillTheMemory_AnotherStillFindsRoomForOne()
    {
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover, ("Prover:MaxBodyBytes", "65536"), ("Prover:MaxHeldBytes", "65536"));
        var (ann, bob) = (await service.SignUpAsync("ann"), await service.SignUpAsync("bob"));
        List<Task<(int Status, string Text)>> calls = [];
        for (var n = 1; n <= 2; n++)
        {
            calls.Add(service.ProveAsync(n, ann.AccessToken));
            await service.CallersAsync(n);
        }

        Assert.Equal((429, "Job Queue full"), await service.ProveAsync(3, ann.AccessToken));
        calls.Add(service.ProveAsync(4, bob.AccessToken));
        await service.CallersAsync(3);
        for (var n = 0; n < calls.Count; n++)
        {
            (await stepped.NextAsync()).Done();
        }

        Assert.All(await Task.WhenAll(calls), static answer => Assert.Equal((200, "proof"), answer));
    }
}
