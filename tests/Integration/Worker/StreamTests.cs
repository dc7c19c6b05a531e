using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Api.Events;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Integration.Api;
using MidnightOS.Tests.Integration.Secrets;
using MidnightOS.Tests.Integration.Support;

namespace MidnightOS.Tests.Integration.Worker;

/// <summary>Streams and failures behind the functions' worker.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task Events_OfATenant_BeginBeforeTheyEnd()
    {
        await using var host = await PipelineFixture.StartAsync();
        var ann = await host.Api.RegisterAsync("ann");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        request.Headers.Authorization = new("Bearer", ann.Token);

        // The stream stands open for a minute of a clock that stands still: it can only be read while it is not at its end.
        using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(EventStreamResult.MediaType, response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("id: evt_", await lines.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(["Auth", "Events"], host.Worker.Called);
    }

    [Fact]
    public async Task Events_EveryPlaceTaken_IsGivenBackWhenTheStreamIsLeft()
    {
        // Asked until the server has seen that the streams were left, on a clock that stands still: no limit of a minute may come first.
        await using var host = await PipelineFixture.StartAsync(new ApiSetup { Settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["RateLimits:Reads:PerMinute"] = "1000000" } });
        var ann = await host.Api.RegisterAsync("ann");
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < EventStreams.PerUser; i++)
        {
            open.Add(await OpenAsync(host, ann));
        }

        await (await host.Api.GetAsync("/api/events", ann.Token)).ExpectErrorAsync(ErrorCodes.RateLimited);
        open.ForEach(static stream => stream.Dispose());
        await Wait.UntilAsync(async () =>
        {
            using var again = await OpenAsync(host, ann);
            return again.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Defect_InsideTheApi_IsLoggedAsAFailureOfTheRequest()
    {
        using var logs = new CapturedLogs();
        await using var host = await PipelineFixture.StartAsync(new ApiSetup
        {
            Services = services => services.AddLogging(logging => logging.AddProvider(logs)).AddSingleton<ICounterStore, Defect>(),
        });
        var response = await host.Api.PostAsync("/api/auth/login", new { email = "ann@example.com", password = "a long quiet evening" });
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("2011 The function succeeded and the request failed: POST /api/auth/login 500", logs.Text, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> OpenAsync(PipelineFixture host, Account account)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        request.Headers.Authorization = new("Bearer", account.Token);
        return await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private sealed class Defect : ICounterStore
    {
        public Task<long> AddAsync(string key, long delta, DateTimeOffset expiresAt, CancellationToken cancellationToken) => throw new InvalidOperationException("a defect");
    }
}
