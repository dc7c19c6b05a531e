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
    public async Task Prove_OneTenantsLongOnesHoldEveryPlace_TheNewestMakesRoomAndIsBegunAgain()
    {
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover, ("Prover:YieldAfter", "00:00:00"));
        var (ann, bob) = (await service.SignUpAsync("ann"), await service.SignUpAsync("bob"));
        var old = service.ProveAsync(1, ann.AccessToken);
        var first = await stepped.NextAsync();
        var check = service.PostAsync("/check", Bodies.Check(), $"Bearer {ann.AccessToken}");
        var second = await stepped.NextAsync();
        var others = service.ProveAsync(3, bob.AccessToken);
        await second.Told;
        second.Stop();

        var third = await stepped.NextAsync();
        Assert.Equal("circuit 3", third.Circuit);
        Assert.False(first.Token.IsCancellationRequested);
        third.Done("bob's");
        Assert.Equal((200, "bob's"), await others);
        (await stepped.NextAsync()).Done("again");
        Assert.Equal((200, "again"), ((await check).Status, System.Text.Encoding.UTF8.GetString((await check).Content)));
        first.Done("old");
        Assert.Equal((200, "old"), await old);
    }

    [Fact]
    public async Task Job_MadeRoom_IsBegunAgainAtNoCostOfAnAttempt()
    {
        var stepped = new SteppedProver();
        await using var service = await ProverUnderTest.StartAsync(stepped.Prover, ("Prover:YieldAfter", "00:00:00"));
        var (ann, bob) = (await service.SignUpAsync("ann"), await service.SignUpAsync("bob"));
        var old = service.ProveAsync(1, ann.AccessToken);
        var first = await stepped.NextAsync();
        var job = await service.SubmitAsync(2, ann.AccessToken);
        var second = await stepped.NextAsync();
        var others = service.ProveAsync(3, bob.AccessToken);
        await second.Told;
        second.Stop();
        (await stepped.NextAsync()).Done("bob's");
        Assert.Equal((200, "bob's"), await others);
        var again = await stepped.NextAsync();
        Assert.Equal("circuit 2", again.Circuit);
        again.Done();
        Assert.Equal(1, (int)(await service.UntilAsync(job, "succeeded", ann.AccessToken))["attempts"]!);
        first.Done();
        await old;
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
