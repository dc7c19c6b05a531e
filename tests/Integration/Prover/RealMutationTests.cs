using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Embedded.Proofs;
using MidnightOS.Prover.Http;
using MidnightOS.Prover.Proving.Processes;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Proving;
using MidnightOS.Tests.Unit.Support;
using Xunit.Abstractions;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Thousands of bodies that are nearly right, at the real host with real proving processes.</summary>
[Collection(AloneCollection.Name)]
public sealed class RealMutationTests(ITestOutputHelper output)
{
    private const int Count = 5_000;
    private const int AtOnce = 4;

    [CircuitFact]
    public async Task Post_MutatedBodiesAtTheRealHost_AreNoDefectLeaveNothingBehindAndItProvesAfterwards()
    {
        using var folder = new TemporaryFolder();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path, "--Prover:ParameterFolder", SmallCircuit.Folder, "--Prover:ParameterSource", "none");
        using var client = new HttpClient { BaseAddress = app.Services.GetRequiredService<ProverListener>().Address, Timeout = TimeSpan.FromMinutes(2) };
        var originals = await MutationTests.OriginalsAsync();
        Assert.Equal(200, await PostAsync(client, originals[0].Path, originals[0].Body));
        var bodies = new MutatedBodies(originals, seed: 8_1_0);
        var before = Memory();
        var statuses = await SendAsync(client, Enumerable.Range(0, Count).Select(bodies.Next));
        var after = Memory();
        var told = string.Join(", ", statuses.OrderBy(static s => s.Key).Select(static s => $"{s.Key}: {s.Value}"));
        output.WriteLine($"{told}; heap {before.Heap / 1024:n0} → {after.Heap / 1024:n0} KiB, host {before.Process / 1024 / 1024:n0} → {after.Process / 1024 / 1024:n0} MiB");

        Assert.True(statuses.Keys.All(static status => status is 200 or 400), told);
        Assert.Equal(0, app.Services.GetRequiredService<HeldBytes>().Held);
        Assert.True(after.Heap < before.Heap + (16 * 1024 * 1024), $"The heap grew from {before.Heap} to {after.Heap} bytes.");
        Assert.True(after.Process < before.Process + (128 * 1024 * 1024), $"The host grew from {before.Process} to {after.Process} bytes.");
        Assert.All(app.Services.GetRequiredService<ProvingWorkers>().Ids, static id => Assert.False(Process.GetProcessById(id).HasExited));
        Assert.Equal(200, await PostAsync(client, "/check", await OfficialBodies.OfAsync("check")));
        Assert.Equal(200, await PostAsync(client, "/prove", await OfficialBodies.OfAsync("proveBound")));
        Assert.Equal(200, await PostAsync(client, "/prove-tx", await OfficialBodies.OfAsync("proveTransaction")));
    }

    private static async Task<ConcurrentDictionary<int, int>> SendAsync(HttpClient client, IEnumerable<(string Path, byte[] Body)> all)
    {
        var (statuses, bodies) = (new ConcurrentDictionary<int, int>(), new ConcurrentQueue<(string Path, byte[] Body)>(all));
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (bodies.TryDequeue(out var next))
            {
                statuses.AddOrUpdate(await PostAsync(client, next.Path, next.Body), 1, static (_, count) => count + 1);
            }
        }));
        return statuses;
    }

    private static async Task<int> PostAsync(HttpClient client, string path, byte[] body)
    {
        using var answer = await client.PostAsync(path, new ByteArrayContent(body));
        return (int)answer.StatusCode;
    }

    private static (long Heap, long Process) Memory()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64);
    }
}
