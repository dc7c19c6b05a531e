using System.Diagnostics;
using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>From the start of the process to its first 200, without a devnet (a chain elsewhere that does not answer), and the memory it holds then.</summary>
internal static class StartCase
{
    private const int Rounds = 5;

    // Nothing listens on the discard port: reading the chain fails at once, as in a live network that is away.
    private static readonly string[] NoDevnet =
        ["--Midnight:Indexer", "http://127.0.0.1:9/api/v4/graphql", "--Midnight:Node", "http://127.0.0.1:9", "--Logging:LogLevel:Default", "None", "--Logging:LogLevel:MidnightOS", "None"];

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var folder = new TemporaryFolder();
        List<double> starts = [], memory = [];
        for (var i = 0; i <= Rounds; i++)
        {
            await using var platform = await ChildHost.PlatformAsync(folder.Path, NoDevnet);
            using var http = new HttpClient { BaseAddress = platform.Address };
            (await http.GetAsync(new Uri("/health", UriKind.Relative))).EnsureSuccessStatusCode();

            // The first makes the data folder.
            if (i > 0)
            {
                starts.Add(Stopwatch.GetElapsedTime(platform.StartedAt).TotalMilliseconds);
                memory.Add(platform.ResidentMebibytes());
            }
        }

        return [new Figure("start to first 200, without devnet, median", Samples.Median(starts), "ms"), new Figure("memory of the host after its start", Samples.Median(memory), "MiB")];
    }
}
