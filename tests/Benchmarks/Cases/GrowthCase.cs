using System.Diagnostics;
using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Benchmarks.Load;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>Whether a page of bots, a send and a message cost the same however much a tenant has: 100, 1,000 and 10,000 bots, and a conversation of 100,000 messages.</summary>
internal static class GrowthCase
{
    private const double Flat = 1.20;
    private const int Few = 100;
    private const int Messages = 100_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var platform = await ChildHost.PlatformAsync(folder.Path);
        using var ann = await Client.SignUpAsync(platform.Address);
        await using var filler = new Filler(folder.Path, ann.Tenant);
        var (bot, friend) = (await ann.CreateBotAsync("Bot"), await ann.CreateBotAsync("Friend"));
        await ann.FundAsync(bot, "1000");
        var to = await ann.AddressOfAsync(friend);
        var session = (string)(await ann.PostAsync($"/api/bots/{bot}/chat", new { message = "what's my balance?" }))["sessionId"]!;

        await filler.BotsAsync(bot, 0, Few);

        // What is measured first must not be measured cold: it is the bound.
        _ = (await PageAsync(), await SendAsync(), await MessageAsync());
        var few = (Page: await PageAsync(), Send: await SendAsync(), Message: await MessageAsync());
        List<Figure> figures = [];
        var have = Few;
        foreach (var many in new[] { 1_000, 10_000 })
        {
            await filler.BotsAsync(bot, have, many - have);
            have = many;
            figures.Add(Figure.AtMost($"page of bots, of {many:N0}", await PageAsync(), "ms", few.Page, $"of {Few}", Flat));
            figures.Add(Figure.AtMost($"send, with {many:N0} bots", await SendAsync(), "ms", few.Send, $"with {Few}", Flat));
        }

        await filler.MessagesAsync(session, Messages);
        figures.Add(Figure.AtMost($"message, after {Messages:N0}", await MessageAsync(), "ms", few.Message, "after a few", Flat));
        return figures;

        Task<double> PageAsync() => MedianAsync(2000, async () => await ann.GetAsync("/api/bots"));

        Task<double> SendAsync() => MedianAsync(40, async () => await ann.ConfirmedAsync(await ann.SendAsync(bot, to, "0.01")));

        Task<double> MessageAsync() => MedianAsync(300, async () => await ann.PostAsync($"/api/bots/{bot}/chat", new { message = "what's my balance?", sessionId = session }));
    }

    private static async Task<double> MedianAsync(int rounds, Func<Task> work)
    {
        List<double> times = [];
        for (var i = 0; i < rounds + (rounds / 4); i++)
        {
            var started = Stopwatch.GetTimestamp();
            await work();
            if (i >= rounds / 4)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        return Samples.Median(times);
    }
}
