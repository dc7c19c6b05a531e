using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MidnightOS.Midnight.Node;
using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Benchmarks.Load;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>Transfers a second from twenty wallets at once, each with one transfer under way, against the official ledger alone: one process that builds, signs, checks and applies one after the other.</summary>
internal static class SustainedCase
{
    private const int Wallets = 20;
    private const int BareTransfers = 300;
    private const int Turns = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(12);

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var platform = await ChildHost.PlatformAsync(folder.Path);
        using var ann = await Client.SignUpAsync(platform.Address);
        List<(string Bot, string Address)> wallets = [];
        for (var i = 0; i < Wallets; i++)
        {
            var bot = await ann.CreateBotAsync($"Bot {i}");
            await ann.FundAsync(bot, "1000");
            wallets.Add((bot, await ann.AddressOfAsync(bot)));
        }

        await using var confirmations = await Confirmations.OpenAsync(ann);

        // In turns, the bound while the host has nothing to do: the machine's speed swings, and so it does so for both.
        await RunAsync(WarmUp);
        List<double> rates = [];
        List<double> bounds = [];
        for (var turn = 0; turn < Turns; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            var confirmed = await RunAsync(TimeSpan.FromSeconds(options.Seconds));
            rates.Add(confirmed / Stopwatch.GetElapsedTime(started).TotalSeconds);
            bounds.Add(await BareAsync());
        }

        var (rate, bound) = (Samples.Median(rates), Samples.Median(bounds));
        return [Figure.AtLeast($"sustained transfers, {Wallets} wallets", rate, "tx/s", bound, "bare ledger", 0.60)];

        async Task<int> RunAsync(TimeSpan time)
        {
            var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
            var counts = await Task.WhenAll(wallets.Select((wallet, i) => LoopAsync(ann, confirmations, wallet.Bot, wallets[(i + 1) % Wallets].Address, end)));
            return counts.Sum();
        }
    }

    private static async Task<int> LoopAsync(Client client, Confirmations confirmations, string bot, string to, long end)
    {
        var count = 0;
        while (Stopwatch.GetTimestamp() < end)
        {
            await confirmations.OfAsync(await client.SendAsync(bot, to, "0.01"));
            count++;
        }

        return count;
    }

    private static async Task<double> BareAsync()
    {
        var paths = await NodeUnderTest.PrepareAsync(PackageSet.Product);
        var script = Path.Combine(paths.Packages, "devnet", "testing", "bareLedger.js");
        var start = new ProcessStartInfo(paths.Node, ["--no-warnings", script, $"{Wallets}", $"{BareTransfers}"]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (double)JsonNode.Parse(said)!["transfersPerSecond"]!
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The bare ledger ended with {process.ExitCode}."));
    }
}
