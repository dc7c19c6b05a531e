using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MidnightOS.Prover.Protocol;
using MidnightOS.Tests.Integration.Crashes;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Ledger;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Real proofs in a real host whose processes are killed: every accepted job ends with a proof or says why not.</summary>
public sealed class FaultTests
{
    private const int WorkerKills = 20;

    [CircuitFact]
    public async Task Jobs_HostIsKilledWhileTheyRunAndWait_EachEndsWithAProof()
    {
        using var folder = new TemporaryFolder();
        string[] jobs;
        await using (var first = Host(folder))
        {
            await first.StartAsync();
            using var http = new HttpClient { BaseAddress = first.ProofServer };
            jobs = await SubmitAsync(http, 8);
            await Wait.UntilAsync(async () => (await StatesAsync(http, jobs)).Contains("running"));
            await first.KillAsync();
        }

        await using (var second = Host(folder))
        {
            await second.StartAsync();
            using var http = new HttpClient { BaseAddress = second.ProofServer };
            await Wait.UntilAsync(async () => (await StatesAsync(http, jobs)).Contains("succeeded"));
            await second.KillAsync();
        }

        await using var third = Host(folder);
        await third.StartAsync();
        using var last = new HttpClient { BaseAddress = third.ProofServer };
        await Wait.UntilAsync(async () => (await StatesAsync(last, jobs)).All(static state => state == "succeeded"));
        await AssertProofsAsync(last, jobs);
    }

    [CircuitFact]
    public async Task Jobs_ProvingProcessesAreKilledOverAndOver_EachEndsWithAProofOrAStatedError()
    {
        using var folder = new TemporaryFolder();
        await using var host = Host(folder);
        await host.StartAsync();
        using var http = new HttpClient { BaseAddress = host.ProofServer };
        var jobs = await SubmitAsync(http, 30);
        var killed = 0;
        await Wait.UntilAsync(async () =>
        {
            if (killed < WorkerKills && (await StatesAsync(http, jobs)).Contains("running") && NodeChildren.Proving(host.Id) is [var worker, ..])
            {
                await PoolUnderTest.SignalAsync(worker, "KILL");
                await Wait.UntilAsync(() => !NodeChildren.Proving(host.Id).Contains(worker));
                killed++;
            }

            return killed == WorkerKills || (await StatesAsync(http, jobs)).All(static state => state is "succeeded" or "failed");
        });
        Assert.Equal(WorkerKills, killed);
        await Wait.UntilAsync(async () => (await StatesAsync(http, jobs)).All(static state => state is "succeeded" or "failed"));

        // What failed was hit twice and says so; asked for again it is proved.
        foreach (var job in jobs)
        {
            var view = JsonNode.Parse(await http.GetStringAsync($"/jobs/{job}"))!;
            Assert.True((string)view["state"]! == "succeeded" || (string)view["error"]!["kind"]! == "internal", view.ToJsonString());
        }

        await SubmitAsync(http, 30);
        await Wait.UntilAsync(async () => (await StatesAsync(http, jobs)).All(static state => state == "succeeded"));
        await AssertProofsAsync(http, jobs);
    }

    private static async Task AssertProofsAsync(HttpClient http, string[] jobs)
    {
        foreach (var job in jobs)
        {
            var proof = await http.GetByteArrayAsync($"/jobs/{job}/result");
            Assert.StartsWith("midnight:proof-versioned:\u0001", Encoding.Latin1.GetString(proof), StringComparison.Ordinal);
            Assert.InRange(proof.Length, 1000, 100_000);
        }
    }

    private static async Task<string[]> SubmitAsync(HttpClient http, int count)
    {
        Assert.True(ProveRequestParser.TryParseProve(await OfficialBodies.OfAsync("prove"), out var request, out _));
        return await Task.WhenAll(Enumerable.Range(1, count).Select(async number =>
        {
            var binding = new byte[32];
            BinaryPrimitives.WriteInt32LittleEndian(binding, number);
            using var answer = await http.PostAsync("/jobs", new ByteArrayContent(ProveRequestWriter.Write(request with { BindingInput = binding })));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!;
        }));
    }

    private static async Task<IReadOnlyList<string>> StatesAsync(HttpClient http, string[] jobs)
    {
        var listed = JsonNode.Parse(await http.GetStringAsync("/jobs"))!["data"]!.AsArray();
        var states = listed.ToDictionary(static job => (string)job!["id"]!, static job => (string)job!["state"]!, StringComparer.Ordinal);
        return [.. jobs.Select(job => states[job])];
    }

    // It never kills itself, and its clock is right.
    private static HostProcess Host(TemporaryFolder folder) => new(
        ["^$", folder.File("deaths.txt"), "00:00:00", .. PlatformUnderTest.Arguments(folder.File("data")), "--Proofs:Lease", "00:00:02", "--Prover:Workers", "2"]);
}
