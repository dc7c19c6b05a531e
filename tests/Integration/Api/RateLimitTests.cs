using System.Globalization;
using System.Net;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Api;

public sealed class RateLimitTests
{
    private static readonly Dictionary<string, string?> Default = new(StringComparer.Ordinal);

    private static readonly object Credentials = new { email = "nobody@example.com", password = "not the password" };

    [Fact]
    public async Task Login_SixthInTheMinute_IsLimitedUntilTheNextMinute()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 6, 1, 12, 0, 10, TimeSpan.Zero));
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Settings = Default, Clock = clock });
        for (var left = 4; left >= 0; left--)
        {
            var allowed = await api.PostAsync("/api/auth/login", Credentials);
            Assert.Equal(HttpStatusCode.Unauthorized, allowed.StatusCode);
            Assert.Equal(("5", left.ToString(CultureInfo.InvariantCulture)), (Header(allowed, "X-RateLimit-Limit"), Header(allowed, "X-RateLimit-Remaining")));
        }

        var limited = await api.PostAsync("/api/auth/login", Credentials);
        await limited.ExpectErrorAsync(ErrorCodes.RateLimited);
        Assert.Equal("50", Header(limited, "Retry-After"));
        Assert.Equal("0", Header(limited, "X-RateLimit-Remaining"));
        var end = new DateTimeOffset(2026, 6, 1, 12, 1, 0, TimeSpan.Zero);
        Assert.Equal(end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Header(limited, "X-RateLimit-Reset"));

        clock.Set(end - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await api.PostAsync("/api/auth/login", Credentials)).StatusCode);
        clock.Set(end);
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.PostAsync("/api/auth/login", Credentials)).StatusCode);
    }

    [Fact]
    public async Task Login_OnTwoHosts_CountsTogether()
    {
        using var folder = new TemporaryFolder();
        var setup = new ApiSetup { Settings = Default, Folder = folder.Path, Clock = new ManualTimeProvider() };
        await using var one = await ApiFixture.StartAsync(setup);
        await using var two = await ApiFixture.StartAsync(setup);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? one : two).PostAsync("/api/auth/login", Credentials)));

        Assert.Equal(5, answers.Count(static answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(7, answers.Count(static answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Me_OfTwoUsersAtOneAddress_CountsEachUser()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["RateLimits:Reads:PerMinute"] = "1" };
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Settings = settings });
        var (alice, bob) = (await api.RegisterAsync("alice"), await api.RegisterAsync("bob"));

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", alice.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await api.GetAsync("/api/auth/me", alice.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", bob.Token)).StatusCode);
    }

    [Fact]
    public async Task Me_WithBadTokens_CountsTheAddress()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["RateLimits:Reads:PerMinute"] = "2" };
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Settings = settings });
        await (await api.GetAsync("/api/auth/me", "a.b.c")).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.GetAsync("/api/auth/me", "a.b.d")).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.GetAsync("/api/auth/me", "a.b.e")).ExpectErrorAsync(ErrorCodes.RateLimited);
    }

    [Fact]
    public async Task Login_ForwardedAddress_CountsOnlyFromAKnownProxy()
    {
        await using var unproxied = await ApiFixture.StartAsync(new ApiSetup { Settings = Default });
        var proxied = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1" };
        await using var behindProxy = await ApiFixture.StartAsync(new ApiSetup { Settings = proxied });

        Assert.Equal(HttpStatusCode.TooManyRequests, await LastOfSixAsync(unproxied));
        Assert.Equal(HttpStatusCode.Unauthorized, await LastOfSixAsync(behindProxy));
    }

    [Fact]
    public async Task Login_ForwardedChainThroughAKnownProxy_CountsTheNearestStranger()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.0/8" };
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Settings = settings });
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 6; i++)
        {
            // The client may write what it likes in front; the proxy appends the address that it saw.
            last = (await api.PostAsync("/api/auth/login", Credentials, null, ("X-Forwarded-For", $"198.51.100.{i}, 203.0.113.7"))).StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Theory]
    [InlineData("RateLimits:Logins:PerMinute", "5")]
    [InlineData("RateLimits:Login:PerMinute", "0")]
    [InlineData("RateLimits:Login:PerMinute", "many")]
    [InlineData("ForwardedHeaders:KnownProxies:0", "proxy.local")]
    [InlineData("Cors:Origins:0", "https://app.example.com/path")]
    public async Task Start_WrongSetting_NamesIt(string name, string value)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { [name] = value };
        var error = await Assert.ThrowsAsync<MidnightOS.Core.OptionsProblemException>(() => ApiFixture.StartAsync(new ApiSetup { Settings = settings }));
        Assert.Contains(name.Split(":0")[0].Replace(":PerMinute", "", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> LastOfSixAsync(ApiFixture api)
    {
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 6; i++)
        {
            last = (await api.PostAsync("/api/auth/login", Credentials, null, ("X-Forwarded-For", $"203.0.113.{i}"))).StatusCode;
        }

        return last;
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
