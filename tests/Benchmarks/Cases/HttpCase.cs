using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Benchmarks.Load;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>What the pipeline and the use cases cost over a bare handler with the same token check and reads: the list of bots, and the balance by chat.</summary>
internal static class HttpCase
{
    private const int Connections = 16;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var folder = new DataFolder();
        await using var platform = await ChildHost.PlatformAsync(folder.Path);
        using var ann = await Client.SignUpAsync(platform.Address);
        var bots = new List<string>();
        for (var i = 0; i < Connections; i++)
        {
            bots.Add(await ann.CreateBotAsync($"Bot {i}"));
        }

        await using var bare = await ChildHost.BareAsync(folder.Path);
        var list = await BothAsync(static _ => ("/api/bots", null));
        var balance = await BothAsync(connection => ($"/api/bots/{bots[connection]}/chat", """{"message":"what's my balance?"}"""));
        return
        [
            Figure.AtLeast($"GET /api/bots, {Connections} connections", list.Platform, "req/s", list.Bare, "bare handler", 0.50),
            Figure.AtLeast($"balance by chat, {Connections} connections", balance.Platform, "req/s", balance.Bare, "bare handler", 0.40),
        ];

        // Halves in turn, so that a machine that slows down slows both.
        async Task<(double Platform, double Bare)> BothAsync(Func<int, (string, string?)> request)
        {
            var first = await RateAsync(platform, request);
            var bound = await RateAsync(bare, request) + await RateAsync(bare, request);
            return ((first + await RateAsync(platform, request)) / 2, bound / 2);
        }

        Task<double> RateAsync(ChildHost host, Func<int, (string, string?)> request) =>
            Hammer.RateAsync(host.Address, ann.Token, Connections, Math.Max(1, options.Seconds / 2), request);
    }
}
