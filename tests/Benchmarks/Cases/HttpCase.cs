using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Benchmarks.Load;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>What the pipeline and the use cases cost over a bare handler with the same token check and reads: the list of bots, and the balance by chat.</summary>
internal static class HttpCase
{
    private const int Connections = 16;
    private const int Turns = 7;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var platform = await ChildHost.PlatformAsync(folder.Path);
        using var ann = await Client.SignUpAsync(platform.Address);
        var bots = new List<string>();
        for (var i = 0; i < Connections; i++)
        {
            bots.Add(await ann.CreateBotAsync($"Bot {i}"));
        }

        await using var bare = await ChildHost.BareAsync(folder.Path);
        return
        [
            .. await CompareAsync("GET /api/bots", "same reads", 0.50, static _ => ("/api/bots", null), static wish => wish),
            .. await CompareAsync("balance by chat", "same reads and stores", 0.40, Balance, static wish => (wish.Path + "/stored", wish.Body)),

            // Two durable commits alone keep the bare handler far below this one: it says what storing costs, and is no target.
            .. await CompareAsync("balance by chat", "same reads, stores nothing", null, Balance, static wish => wish),
        ];

        (string Path, string? Body) Balance(int connection) => ($"/api/bots/{bots[connection]}/chat", """{"message":"what's my balance?"}""");

        // Short turns of each, many of them: the machine's speed swings by a third within a minute, and so it does so for both.
        async Task<Figure[]> CompareAsync(
            string name, string boundIs, double? least, Func<int, (string Path, string? Body)> request, Func<(string Path, string? Body), (string Path, string? Body)> ofBare)
        {
            await MeasureAsync(platform, request, Hammer.WarmUp);
            await MeasureAsync(bare, i => ofBare(request(i)), Hammer.WarmUp);
            List<Measured> owns = [];
            List<Measured> bounds = [];
            for (var turn = 0; turn < Turns; turn++)
            {
                owns.Add(await MeasureAsync(platform, request, TimeSpan.FromSeconds(options.Seconds / 2.0)));
                bounds.Add(await MeasureAsync(bare, i => ofBare(request(i)), TimeSpan.FromSeconds(options.Seconds / 2.0)));
            }

            var (own, bound) = (Measured.Median(owns), Measured.Median(bounds));
            return
            [
                least is { } wanted
                    ? Figure.AtLeast($"{name}, {Connections} connections", own.Rate, "req/s", bound.Rate, $"bare handler, {boundIs}", wanted)
                    : new Figure($"{name}, {Connections} connections", own.Rate, "req/s", bound.Rate, $"bare handler, {boundIs}", own.Rate / bound.Rate),
                new Figure($"{name}, processor time of the host", own.Microseconds, "µs", bound.Microseconds, $"bare handler, {boundIs}", own.Microseconds / bound.Microseconds),
            ];
        }

        async Task<Measured> MeasureAsync(ChildHost host, Func<int, (string Path, string? Body)> request, TimeSpan time)
        {
            var before = host.ProcessorTime();
            var (rate, answers) = await Hammer.RateAsync(host.Address, ann.Token, Connections, time, request);
            return new Measured(rate, (host.ProcessorTime() - before).TotalMicroseconds / answers);
        }
    }

    /// <summary>Answers a second, and the host's processor time for one.</summary>
    private sealed record Measured(double Rate, double Microseconds)
    {
        public static Measured Median(IReadOnlyCollection<Measured> turns) => new(Samples.Median([.. turns.Select(static turn => turn.Rate)]), Samples.Median([.. turns.Select(static turn => turn.Microseconds)]));
    }
}
