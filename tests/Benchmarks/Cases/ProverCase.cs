using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using MidnightOS.Prover.Protocol;
using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Benchmarks.Load;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>Proofs through the service against zkir-v2 alone in as many processes, with the test circuit (k = 6); without the test data it says so and measures nothing.</summary>
internal static class ProverCase
{
    private const int Proofs = 40;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        if (!ProofBound.HasCircuit)
        {
            await Console.Error.WriteLineAsync($"The test circuit is not at {ProofBound.Folder}: set MIDNIGHT_FIXTURES. The prover is not measured.");
            return [];
        }

        using var data = new TemporaryFolder();
        await using var platform = await ChildHost.PlatformAsync(data.Path, "--Prover:Workers", "2");
        using var http = new HttpClient { BaseAddress = platform.ProofServer, Timeout = TimeSpan.FromMinutes(5) };
        var requests = new Requests(await PayloadsAsync());
        await OwnAsync(http, requests, 2, 2);

        // In turn, so that a machine that slows down slows both.
        var (bareOne, ownOne) = (await ProofBound.RunAsync(1, Proofs), await OwnAsync(http, requests, 1, Proofs));
        var (ownTwo, bareTwo) = (await OwnAsync(http, requests, 2, Proofs), await ProofBound.RunAsync(2, Proofs));
        var (bareTwoAgain, ownTwoAgain) = (await ProofBound.RunAsync(2, Proofs), await OwnAsync(http, requests, 2, Proofs));
        var (ownOneAgain, bareOneAgain) = (await OwnAsync(http, requests, 1, Proofs), await ProofBound.RunAsync(1, Proofs));
        var (one, bare1) = (ProofRun.Join(ownOne, ownOneAgain), ProofRun.Join(bareOne, bareOneAgain));
        var (two, bare2) = (ProofRun.Join(ownTwo, ownTwoAgain), ProofRun.Join(bareTwo, bareTwoAgain));

        // Before the checks: they are so many that the processes are replaced.
        var memory = NodeChildren.Proving(platform.Id).Max(NodeChildren.PeakMebibytes);
        return
        [
            Figure.AtLeast("proofs a second, two processes", two.Rate, "proofs/s", bare2.Rate, "bare zkir-v2, two processes", 0.95),
            Figure.AtMost("added latency of one proof, median", one.Median - bare1.Median, "ms", 30, "30 ms", 1),
            new Figure("one proof, median", one.Median, "ms", bare1.Median, "bare zkir-v2", one.Median / bare1.Median),
            Figure.AtLeast("scaling from one process to two", two.Rate / one.Rate, "×", bare2.Rate / bare1.Rate, "bare zkir-v2", 0.95),
            await RateAsync(http, "check", "/check", requests.Check, options.Seconds),
            await RateAsync(http, "health", "/health", null, options.Seconds),
            new Figure("memory of the host after proofs", platform.ResidentMebibytes(), "MiB"),
            new Figure("memory of a proving process, at its most", memory, "MiB"),
        ];
    }

    private static async Task<ProofRun> OwnAsync(HttpClient http, Requests requests, int connections, int proofs)
    {
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            List<double> took = [];
            for (var i = 0; i < proofs; i++)
            {
                var body = requests.Next();
                var began = Stopwatch.GetTimestamp();
                using var answer = await http.PostAsync("/prove", new ByteArrayContent(body));
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                answer.EnsureSuccessStatusCode();
            }

            return took;
        }));
        return new ProofRun(connections * proofs / Stopwatch.GetElapsedTime(started).TotalSeconds, Samples.Median([.. times.SelectMany(static took => took)]));
    }

    private static async Task<Figure> RateAsync(HttpClient http, string name, string path, byte[]? body, int seconds)
    {
        const int Connections = 8;
        var (count, end) = (0L, Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency));
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetTimestamp() < end)
            {
                using var answer = body is null ? await http.GetAsync(path) : await http.PostAsync(path, new ByteArrayContent(body));
                answer.EnsureSuccessStatusCode();
                Interlocked.Increment(ref count);
            }
        })));
        return new Figure($"/{name}, {Connections} connections", count / Stopwatch.GetElapsedTime(started).TotalSeconds, "req/s");
    }

    private static async Task<Dictionary<string, byte[]>> PayloadsAsync() =>
        JsonSerializer.Deserialize<Dictionary<string, byte[]>>(await ProofBound.NodeAsync("devnet", "proofPayloads.js"))!;

    /// <summary>Requests for one proof that differ in their binding input: what is asked twice is proved once.</summary>
    private sealed class Requests(Dictionary<string, byte[]> payloads)
    {
        private int _made;

        public byte[] Check { get; } = payloads["check"];

        public byte[] Next()
        {
            if (!ProveRequestParser.TryParseProve(payloads["prove"], out var request, out var error))
            {
                throw new InvalidOperationException($"{error}");
            }

            var binding = new byte[32];
            BinaryPrimitives.WriteInt32LittleEndian(binding, Interlocked.Increment(ref _made));
            return ProveRequestWriter.Write(request with { BindingInput = binding });
        }
    }
}
