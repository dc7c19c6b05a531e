using System.Diagnostics;
using System.Text.Json.Nodes;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Load;

/// <summary>Proofs a second, and the median time of one in milliseconds.</summary>
internal sealed record ProofRun(double Rate, double Median)
{
    public static ProofRun Join(ProofRun a, ProofRun b) => new((a.Rate + b.Rate) / 2, (a.Median + b.Median) / 2);
}

/// <summary>The bound of every figure of proofs: zkir-v2 alone, its keys and parameters in memory; and the test circuit that is proved.</summary>
internal static class ProofBound
{
    /// <summary>Where the test circuit lies.</summary>
    public static string Folder { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("MIDNIGHT_FIXTURES") ?? Path.Combine("..", "shared", "midnight"));

    /// <summary>Whether the test circuit is there.</summary>
    public static bool HasCircuit => File.Exists(Path.Combine(Folder, "fallible.bzkir"));

    /// <summary>Proves in as many processes at once as are wanted.</summary>
    /// <param name="processes">How many.</param>
    /// <param name="proofs">Proofs of each process.</param>
    /// <param name="request">A folder with the parts of another request; null for the test circuit.</param>
    public static async Task<ProofRun> RunAsync(int processes, int proofs, string? request = null)
    {
        var outputs = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ => NodeAsync("prover", "bareProver.js", request is null ? [$"{proofs}"] : [$"{proofs}", request])));
        var runs = outputs.Select(static output => JsonNode.Parse(output)!).ToList();
        var (began, ended) = (runs.Min(static run => (double)run["began"]!), runs.Max(static run => (double)run["ended"]!));
        var times = runs.SelectMany(static run => run["milliseconds"]!.AsArray().Select(static time => (double)time!)).ToList();
        return new ProofRun(processes * proofs / ((ended - began) / 1000), Samples.Median(times));
    }

    /// <summary>Runs a program of a Node package's folder <c>testing</c> and gives what it printed.</summary>
    public static async Task<string> NodeAsync(string package, string program, params string[] arguments)
    {
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Development);
        var start = new ProcessStartInfo(paths.Node, ["--no-warnings", Path.Combine(paths.Packages, package, "testing", program), .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["MIDNIGHT_FIXTURES"] = Folder;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
