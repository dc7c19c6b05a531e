namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>Every case by its name on the command line.</summary>
internal static class AllCases
{
    public static IReadOnlyDictionary<string, Func<BenchmarkOptions, Task<IReadOnlyList<Figure>>>> ByName { get; } =
        new Dictionary<string, Func<BenchmarkOptions, Task<IReadOnlyList<Figure>>>>(StringComparer.Ordinal)
        {
            ["start"] = StartCase.RunAsync,
            ["http"] = HttpCase.RunAsync,
            ["login"] = LoginCase.RunAsync,
            ["transfer"] = TransferCase.RunAsync,
            ["sustained"] = SustainedCase.RunAsync,
            ["growth"] = GrowthCase.RunAsync,
            ["prover"] = ProverCase.RunAsync,
            ["recorded-proof"] = RecordedProofCase.RunAsync,
        };
}
