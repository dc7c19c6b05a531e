using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MidnightOS.Midnight.Node;
using MidnightOS.Prover.Protocol;
using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>Proofs through the service against zkir-v2 alone in as many processes, with the test circuit (k = 6); without the test data it says so and measures nothing.</summary>
internal static class ProverCase
{
    private const int Proofs = 12;

    private static readonly string Folder = Path.GetFullPath(Environment.GetEnvironmentVariable("MIDNIGHT_FIXTURES") ?? Path.Combine("..", "shared", "midnight"));

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        if (!File.Exists(Path.Combine(Folder, "fallible.bzkir")))
        {
            await Console.Error.WriteLineAsync($"The test circuit is not at {Folder}: set MIDNIGHT_FIXTURES. The prover is not measured.");
            return [];
        }

        using var data = new TemporaryFolder();
        await using var platform = await ChildHost.PlatformAsync(data.Path, "--Prover:Workers", "2");
        using var http = new HttpClient { BaseAddress = platform.ProofServer, Timeout = TimeSpan.FromMinutes(5) };
        var requests = new Requests(await PayloadsAsync());
        await OwnAsync(http, requests, 2, 2);

        // In turn, so that a machine that slows down slows both.
        var (bareOne, ownOne) = (await BareAsync(1), await OwnAsync(http, requests, 1, Proofs));
        var (ownTwo, bareTwo) = (await OwnAsync(http, requests, 2, Proofs), await BareAsync(2));
        var (bareTwoAgain, ownTwoAgain) = (await BareAsync(2), await OwnAsync(http, requests, 2, Proofs));
        var (ownOneAgain, bareOneAgain) = (await OwnAsync(http, requests, 1, Proofs), await BareAsync(1));
        var (one, bare1) = (Run.Join(ownOne, ownOneAgain), Run.Join(bareOne, bareOneAgain));
        var (two, bare2) = (Run.Join(ownTwo, ownTwoAgain), Run.Join(bareTwo, bareTwoAgain));
        return
        [
            Figure.AtLeast("proofs a second, two processes", two.Rate, "proofs/s", bare2.Rate, "bare zkir-v2, two processes", 0.95),
            Figure.AtMost("added latency of one proof, median", one.Median - bare1.Median, "ms", 30, "30 ms", 1),
            new Figure("one proof, median", one.Median, "ms", bare1.Median, "bare zkir-v2", one.Median / bare1.Median),
            Figure.AtLeast("scaling from one process to two", two.Rate / one.Rate, "×", bare2.Rate / bare1.Rate, "bare zkir-v2", 0.95),
            await RateAsync(http, "check", "/check", requests.Check, options.Seconds),
            await RateAsync(http, "health", "/health", null, options.Seconds),
            new Figure("memory of the host after proofs", platform.ResidentMebibytes(), "MiB"),
            new Figure("memory of a proving process", WorkerMebibytes(platform.Id), "MiB"),
        ];
    }

    private static async Task<Run> OwnAsync(HttpClient http, Requests requests, int connections, int proofs)
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
        return new Run(connections * proofs / Stopwatch.GetElapsedTime(started).TotalSeconds, Samples.Median([.. times.SelectMany(static took => took)]));
    }

    private static async Task<Run> BareAsync(int processes)
    {
        var outputs = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ => NodeAsync("prover", "bareProver.js", $"{Proofs}")));
        var runs = outputs.Select(static output => JsonNode.Parse(output)!).ToList();
        var (began, ended) = (runs.Min(static run => (double)run["began"]!), runs.Max(static run => (double)run["ended"]!));
        var times = runs.SelectMany(static run => run["milliseconds"]!.AsArray().Select(static time => (double)time!)).ToList();
        return new Run(processes * Proofs / ((ended - began) / 1000), Samples.Median(times));
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

    // The proving processes are those children of the host that have the prover's program on their command line.
    private static double WorkerMebibytes(int host)
    {
        List<double> sizes = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(static name => int.TryParse(Path.GetFileName(name), NumberStyles.None, CultureInfo.InvariantCulture, out var _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(Path.Combine("prover", "src", "main.js"), StringComparison.Ordinal)
                    && File.ReadAllText(Path.Combine(folder, "status")).Contains($"PPid:\t{host}\n", StringComparison.Ordinal))
                {
                    using var process = Process.GetProcessById(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
                    sizes.Add(process.WorkingSet64 / 1048576.0);
                }
            }
            catch (Exception gone) when (gone is IOException or ArgumentException)
            {
                // It ended while it was looked at.
            }
        }

        return sizes.Count == 0 ? 0 : sizes.Max();
    }

    private static async Task<Dictionary<string, byte[]>> PayloadsAsync() =>
        JsonSerializer.Deserialize<Dictionary<string, byte[]>>(await NodeAsync("devnet", "proofPayloads.js"))!;

    private static async Task<string> NodeAsync(string package, string program, params string[] arguments)
    {
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Development);
        var start = new ProcessStartInfo(paths.Node, ["--no-warnings", Path.Combine(paths.Packages, package, "testing", program), .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["MIDNIGHT_FIXTURES"] = Folder;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    /// <summary>Proofs a second, and the median time of one in milliseconds.</summary>
    private sealed record Run(double Rate, double Median)
    {
        public static Run Join(Run a, Run b) => new((a.Rate + b.Rate) / 2, (a.Median + b.Median) / 2);
    }

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
