using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Prover.Http;
using Xunit.Abstractions;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Thousands of bodies that are nearly right. Nothing else runs meanwhile: the memory is that of the process.</summary>
[Collection(AloneCollection.Name)]
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Warmup = 1_000;
    private const int Count = 10_000;

    [CircuitFact]
    public async Task Post_MutatedBodies_AreAnsweredWithoutADefectAndLeaveNothingBehind()
    {
        await using var prover = await ProverUnderTest.StartAsync(new ForgetfulProver(), ProverUnderTest.Quiet);
        var bodies = new MutatedBodies(await OriginalsAsync(), seed: 20_26);
        var statuses = new SortedDictionary<int, int>();
        await SendAsync(prover, bodies, 0, Warmup, statuses);
        var before = Memory();
        await SendAsync(prover, bodies, Warmup, Count, statuses);
        var after = Memory();
        output.WriteLine($"{string.Join(", ", statuses.Select(static s => $"{s.Key}: {s.Value}"))}; heap {before.Heap / 1024:n0} → {after.Heap / 1024:n0} KiB, process {before.Process / 1024 / 1024:n0} → {after.Process / 1024 / 1024:n0} MiB");

        Assert.Equal([200, 400], statuses.Keys);
        Assert.True(statuses[400] > Count / 2, "The bodies were not changed enough.");
        Assert.Equal(0, prover.Services.GetRequiredService<HeldBytes>().Held);
        Assert.True(after.Heap < before.Heap + (8 * 1024 * 1024), $"The heap grew from {before.Heap} to {after.Heap} bytes.");
        Assert.True(after.Process < before.Process + (64 * 1024 * 1024), $"The process grew from {before.Process} to {after.Process} bytes.");
        foreach (var (path, body) in await OriginalsAsync())
        {
            Assert.Equal(200, (await prover.PostAsync(path, body)).Status);
        }
    }

    /// <summary>Bodies of official clients for each route.</summary>
    internal static async Task<IReadOnlyList<(string Path, byte[] Body)>> OriginalsAsync() =>
    [
        ("/prove", await OfficialBodies.OfAsync("prove")), ("/prove", await OfficialBodies.OfAsync("proveBound")), ("/prove", await OfficialBodies.OfAsync("proveBuiltIn")),
        ("/check", await OfficialBodies.OfAsync("check")), ("/check", await OfficialBodies.OfAsync("checkBuiltIn")), ("/prove-tx", await OfficialBodies.OfAsync("proveTransaction")),
        ("/prove-tx", await OfficialBodies.OfAsync("proveNothing")), ("/k", OfficialBodies.Circuit("bzkir")),
    ];

    private static async Task SendAsync(ProverUnderTest prover, MutatedBodies bodies, int from, int to, SortedDictionary<int, int> statuses)
    {
        for (var i = from; i < to; i++)
        {
            var (path, body) = bodies.Next(i);
            var (status, _, _) = await prover.PostAsync(path, body);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }
    }

    private static (long Heap, long Process) Memory()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64);
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
