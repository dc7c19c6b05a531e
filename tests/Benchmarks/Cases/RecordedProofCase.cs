using System.Diagnostics;
using System.Globalization;
using MidnightOS.Prover.Protocol;
using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Benchmarks.Load;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>One larger proof, recorded from an official client with its key material (<c>--prove-request</c>), through the service and by zkir-v2 alone.</summary>
internal static class RecordedProofCase
{
    private const int Proofs = 3;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        if (options.ProveRequest is not { } file)
        {
            await Console.Error.WriteLineAsync("No recorded request was given (--prove-request FILE). No larger proof is measured.");
            return [];
        }

        if (!ProveRequestParser.TryParseProve(await File.ReadAllBytesAsync(file), out var request, out var error) || request.Keys is not { } keys)
        {
            throw new InvalidOperationException($"{file} is no request to /prove with its key material. {error}");
        }

        using var data = new TemporaryFolder();
        foreach (var (name, content) in ((string, ReadOnlyMemory<byte>)[])[("preimage", request.Preimage), ("prover", keys.ProverKey), ("verifier", keys.VerifierKey), ("ir", keys.Ir)])
        {
            await File.WriteAllBytesAsync(Path.Combine(data.Path, name), content);
        }

        await using var platform = await ChildHost.PlatformAsync(Path.Combine(data.Path, "data"), "--Prover:Workers", "1", "--Prover:ParameterFolder", ParameterFolder);
        using var http = new HttpClient { BaseAddress = platform.ProofServer, Timeout = TimeSpan.FromMinutes(30) };
        var k = await KAsync(http, keys.Ir);
        await ProveAsync(http, request, 0);
        var parameters = $"bls_midnight_2p{k}";
        File.CreateSymbolicLink(Path.Combine(data.Path, parameters), Path.Combine(ParameterFolder, parameters));

        List<double> own = [];
        List<double> bare = [];
        for (var i = 1; i <= Proofs; i++)
        {
            own.Add(await ProveAsync(http, request, i));
            bare.Add((await ProofBound.RunAsync(1, 1, data.Path)).Median);
        }

        var (median, bound) = (Samples.Median(own), Samples.Median(bare));
        return
        [
            Figure.AtMost($"one proof of k = {k}, median", median / 1000, "s", bound / 1000, "bare zkir-v2", 1 / 0.95),
            new Figure($"memory of the proving process, k = {k}", NodeChildren.Proving(platform.Id).Max(NodeChildren.PeakMebibytes), "MiB"),
        ];
    }

    // Parameters take minutes to derive; they are the same for every run.
    private static string ParameterFolder { get; } = Path.Combine(Path.GetTempPath(), "midnightos-benchmark-parameters");

    private static async Task<int> KAsync(HttpClient http, ReadOnlyMemory<byte> ir)
    {
        using var answer = await http.PostAsync("/k", new ReadOnlyMemoryContent(ir));
        return int.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(), CultureInfo.InvariantCulture);
    }

    // Asked again until it is there: the first one may wait longer for its parameters than an answer may take.
    private static async Task<double> ProveAsync(HttpClient http, ProveRequest request, int number)
    {
        var body = ProveRequestWriter.Write(request with { BindingInput = BitConverter.GetBytes((long)number) });
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await http.PostAsync("/prove", new ByteArrayContent(body));
            if (answer.StatusCode != System.Net.HttpStatusCode.ServiceUnavailable)
            {
                answer.EnsureSuccessStatusCode();
                return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        }
    }
}
