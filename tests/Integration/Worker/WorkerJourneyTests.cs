using System.Net;
using Microsoft.AspNetCore.Builder;
using MidnightOS.Api.Hosting;
using MidnightOS.Tests.Integration.Contract;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Worker;

/// <summary>The main job with every request through the functions' worker, on the real ledger.</summary>
public sealed class WorkerJourneyTests
{
    [Fact]
    public async Task Send_FromSignUpToConfirmed_WorksBehindTheWorker()
    {
        using var folder = new TemporaryFolder();
        await using var platform = await PlatformUnderTest.StartAsync(folder.Path, static builder => builder.Services.AddApiPipeline(builder.Configuration));
        await using var worker = await WorkerUnderTest.StartAsync(platform.Services);
        using var ann = await PlatformClient.SignUpAsync(worker.Address);
        using var direct = ann.On(new Uri(platform.Urls.First()));
        using var events = await EventLines.OpenAsync(ann.Http, lastEventId: null);
        var (alice, bob) = (await ann.CreateBotAsync("Alice"), await ann.CreateBotAsync("Bob"));
        await direct.FundAsync(alice, "10");

        var accepted = await ann.PostAsync($"/api/bots/{alice}/wallet/send", new { to = await ann.AddressOfAsync(bob), amount = "4" }, HttpStatusCode.Accepted, "once");
        var again = await ann.PostAsync($"/api/bots/{alice}/wallet/send", new { to = await ann.AddressOfAsync(bob), amount = "4" }, HttpStatusCode.Accepted, "once");
        var ended = await ann.EndOfAsync((string)accepted["transaction"]!["id"]!);
        var told = await ann.PostAsync("/api/chat", new { botId = alice, message = "What's my balance?" });

        Assert.Equal((string?)accepted["transaction"]!["id"], (string?)again["transaction"]!["id"]);
        Assert.Equal("confirmed", (string?)ended["status"]);
        Assert.Contains("Balance: 6 NIGHT in total", (string)told["response"]!, StringComparison.Ordinal);
        Assert.NotNull(await events.NextAsync());
        Assert.Equal(["Auth", "Bots", "Chat", "Events", "Operations", "Transactions"], worker.Called.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }
}
