using System.Net;
using System.Net.Http.Json;
using MidnightOS.Tests.Integration.Crashes;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>A user's requests count together, whichever host they come to.</summary>
[Collection(TwoHostsCollection.Name)]
public sealed class LimitTests(HostPair hosts)
{
    private const int Limit = 10;

    [Fact]
    public async Task Send_MoreThanTheLimitOnBothAtOnce_IsLimitedAsOnOneHost()
    {
        string[] limits = [.. hosts.Chain.Settings, "--RateLimits:Spends:PerMinute", "10"];
        await using var three = await PlatformUnderTest.StartAsync(hosts.Data, limits);
        await using var four = await PlatformUnderTest.StartAsync(hosts.Data, limits);
        using var one = await PlatformClient.SignUpAsync(new Uri(three.Urls.First()));
        using var two = one.On(new Uri(four.Urls.First()));
        var bot = await one.CreateBotAsync();
        var body = new { to = await one.AddressOfAsync(bot), amount = "1" };

        // All answers of one minute name the same end of it; a round in which the minute ended says nothing.
        List<(HttpStatusCode Status, string End)> answers;
        do
        {
            answers = [.. await Task.WhenAll(Enumerable.Range(0, 3 * Limit).Select(async n =>
            {
                using var answer = await (n % 2 == 0 ? one : two).Http.PostAsJsonAsync($"/api/bots/{bot}/wallet/send", body);
                return (answer.StatusCode, answer.Headers.GetValues("X-RateLimit-Reset").Single());
            }))];
        }
        while (answers.DistinctBy(static answer => answer.End).Count() > 1);

        // An empty wallet: what is not limited is refused for its funds.
        Assert.Equal(Limit, answers.Count(static answer => answer.Status == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(2 * Limit, answers.Count(static answer => answer.Status == HttpStatusCode.TooManyRequests));
    }
}
