using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.RateLimits;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Integration.Api;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Attacks;

/// <summary>Every limit of the contract at its edge: the last request that is allowed, the first that is not, the turn of the minute; over two hosts on one data folder.</summary>
public sealed class RateLimitEdgeTests
{
    private const string Nobody = "bot_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly Dictionary<string, string?> Default = new(StringComparer.Ordinal);

    // Limit, what the contract says of it, and requests that count under it and change nothing.
    private static readonly (RateLimit Limit, int PerMinute, string Route, object? Body)[] Limits =
    [
        (RateLimit.Register, 5, "POST /api/auth/register", new { }),
        (RateLimit.Login, 5, "POST /api/auth/login", new { email = "nobody@example.com", password = "not the password" }),
        (RateLimit.Refresh, 30, "POST /api/auth/refresh", new { refreshToken = "none" }),
        (RateLimit.BotChanges, 30, $"POST /api/bots/{Nobody}/pause", null),
        (RateLimit.Chat, 60, $"POST /api/bots/{Nobody}/chat", new { message = "hello" }),
        (RateLimit.Spends, 10, "POST /api/transactions/txn_01ARZ3NDEKTSV4RRFFQ69G5FAV/cancel", null),
        (RateLimit.Reads, 600, "GET /api/auth/me", null),
    ];

    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 17, 250, TimeSpan.Zero);

    [Fact]
    public void EveryLimit_ThatThereIs_IsTriedHere() => Assert.Equal(Enum.GetValues<RateLimit>(), Limits.Select(static one => one.Limit));

    [Fact]
    public async Task EveryLimit_AtItsEdgeOnTwoHosts_IsExactAndTurnsWithTheMinute()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualTimeProvider(Start);
        var setup = new ApiSetup { Settings = Default, Folder = folder.Path, Clock = clock };
        await using var one = await ApiFixture.StartAsync(setup);
        await using var two = await ApiFixture.StartAsync(setup);
        var ann = await one.RegisterAsync("ann");
        clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var (limit, perMinute, route, body) in Limits)
        {
            await CheckAsync(limit, perMinute, route, body);
        }

        async Task CheckAsync(RateLimit limit, int perMinute, string route, object? body)
        {
            var now = clock.GetUtcNow();
            var end = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(1);
            for (var sent = 1; sent <= perMinute; sent++)
            {
                using var allowed = await SendAsync(sent % 2 == 0 ? one : two, route, body);
                Assert.True(allowed.StatusCode != HttpStatusCode.TooManyRequests, $"{limit}: number {sent} was refused");
                AssertHeaders(allowed, perMinute, perMinute - sent, end);
            }

            foreach (var host in new[] { one, two, one })
            {
                using var refused = await SendAsync(host, route, body);
                await refused.ExpectErrorAsync(ErrorCodes.RateLimited);
                AssertHeaders(refused, perMinute, 0, end);
                Assert.Equal(Math.Ceiling((end - clock.GetUtcNow()).TotalSeconds).ToString(CultureInfo.InvariantCulture), Header(refused, "Retry-After"));
            }

            clock.Set(end - TimeSpan.FromTicks(1));
            using var before = await SendAsync(two, route, body);
            Assert.True(before.StatusCode == HttpStatusCode.TooManyRequests && Header(before, "Retry-After") == "1", $"{limit} just before the minute's end: {before.StatusCode}");
            clock.Set(end);
            using var after = await SendAsync(one, route, body);
            AssertHeaders(after, perMinute, perMinute - 1, end.AddMinutes(1));
            Assert.NotEqual(HttpStatusCode.TooManyRequests, after.StatusCode);
            clock.Set(end + TimeSpan.FromSeconds(17.25));
        }

        Task<HttpResponseMessage> SendAsync(ApiFixture host, string route, object? body) => host.SendAsync(new HttpMethod(route.Split(' ')[0]), route.Split(' ')[1], body, ann.Token);
    }

    [Fact]
    public async Task EveryRoute_ThatCounts_CountsUnderOneLimitOfItsOwnAndNotTwice()
    {
        await using var api = await ApiFixture.StartAsync();
        var options = RateLimitOptions.Read(new ConfigurationBuilder().Build());
        var ann = await api.RegisterAsync("ann");
        var routes = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.All(routes, static route => Assert.Single(route.Metadata.OfType<RateLimitMetadata>()));
        Assert.Equal(Limits.Select(static one => one.PerMinute), Limits.Select(one => options.PerMinute(one.Limit)));
        using var first = await api.GetAsync("/api/auth/me", ann.Token);
        using var second = await api.GetAsync("/api/auth/me", ann.Token);
        Assert.Equal(("599", "598"), (Header(first, "X-RateLimit-Remaining"), Header(second, "X-RateLimit-Remaining")));
    }

    private static void AssertHeaders(HttpResponseMessage answer, int limit, int remaining, DateTimeOffset reset) => Assert.Equal(
        ($"{limit}", $"{remaining}", reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        (Header(answer, "X-RateLimit-Limit"), Header(answer, "X-RateLimit-Remaining"), Header(answer, "X-RateLimit-Reset")));

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
