using System.Diagnostics;
using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Benchmarks.Load;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>How long a transfer takes from its request to its confirmation, one at a time, on a devnet of default settings.</summary>
internal static class TransferCase
{
    private const double BlockMilliseconds = 1000;
    private const double Allowed = BlockMilliseconds + 500;
    private const int Rounds = 30;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var platform = await ChildHost.PlatformAsync(folder.Path);
        using var ann = await Client.SignUpAsync(platform.Address);
        var (bot, friend) = (await ann.CreateBotAsync("Bot"), await ann.CreateBotAsync("Friend"));
        await ann.FundAsync(bot, "1000");
        var to = await ann.AddressOfAsync(friend);
        List<double> times = [];
        for (var i = 0; i < Rounds + 3; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await ann.ConfirmedAsync(await ann.SendAsync(bot, to, "0.5"));
            if (i >= 3)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        return
        [
            Figure.AtMost("transfer, request to confirmed, median", Samples.Median(times), "ms", Allowed, "one block + 0.5 s", 1),
            Figure.AtMost("transfer, request to confirmed, 95th percentile", Samples.Percentile(times, 95), "ms", Allowed, "one block + 0.5 s", 1),
        ];
    }
}
