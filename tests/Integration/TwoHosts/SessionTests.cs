using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.TwoHosts;

/// <summary>Who is signed in, and what a user may do, is the same on both hosts at every moment.</summary>
[Collection(TwoHostsCollection.Name)]
public sealed class SessionTests(HostPair hosts)
{
    [Fact]
    public async Task Logout_OnOne_EndsTheSessionOnTheOtherAtOnce()
    {
        using var both = await hosts.SignUpAsync();
        var (one, two) = (both.One, both.Two);
        Assert.Equal((string?)one.Session["user"]!["id"], (string?)(await two.GetAsync("/api/auth/me"))["user"]!["id"]);

        await one.PostAsync("/api/auth/logout", null, HttpStatusCode.NoContent);
        await two.GetAsync("/api/auth/me", HttpStatusCode.Unauthorized);
        await two.PostAsync("/api/auth/refresh", new { refreshToken = (string?)one.Session["refreshToken"] }, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Password_ChangedOnOne_EndsOtherSessionsOnTheOther()
    {
        using var both = await hosts.SignUpAsync();
        var (one, two) = (both.One, both.Two);
        var other = await two.PostAsync("/api/auth/login", new { email = one.Email, password = PlatformClient.Password });
        using var elsewhere = two.On(hosts.Two);
        elsewhere.Http.DefaultRequestHeaders.Authorization = new("Bearer", (string)other["token"]!);
        await elsewhere.GetAsync("/api/auth/me");

        await one.PostAsync("/api/auth/password", new { currentPassword = PlatformClient.Password, newPassword = "another quiet harbour" }, HttpStatusCode.NoContent);
        await elsewhere.GetAsync("/api/auth/me", HttpStatusCode.Unauthorized);
        await two.GetAsync("/api/auth/me");
        await two.PostAsync("/api/auth/login", new { email = one.Email, password = PlatformClient.Password }, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task RefreshToken_UsedOnOneAndAgainOnTheOther_EndsTheSessionOnBoth()
    {
        using var both = await hosts.SignUpAsync();
        var (one, two) = (both.One, both.Two);
        var used = new { refreshToken = (string?)one.Session["refreshToken"] };
        var next = await one.PostAsync("/api/auth/refresh", used);
        await two.GetAsync("/api/auth/me");

        await two.PostAsync("/api/auth/refresh", used, HttpStatusCode.Unauthorized);
        await one.GetAsync("/api/auth/me", HttpStatusCode.Unauthorized);
        await one.PostAsync("/api/auth/refresh", new { refreshToken = (string?)next["refreshToken"] }, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task RefreshToken_PresentedToBothAtOnce_IsChangedOnceAtMost()
    {
        using var both = await hosts.SignUpAsync();
        var (one, two) = (both.One, both.Two);
        var body = new { refreshToken = (string?)one.Session["refreshToken"] };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => both[n].Http.PostAsJsonAsync("/api/auth/refresh", body)));
        var changed = answers.Where(static answer => answer.StatusCode == HttpStatusCode.OK).ToList();
        Assert.True(changed.Count <= 1, $"{changed.Count} of the requests got new tokens.");
        Assert.All(answers.Except(changed), static answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));

        // Seven of eight were copies: whatever the first got is void.
        foreach (var answer in changed)
        {
            var session = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            await two.PostAsync("/api/auth/refresh", new { refreshToken = (string?)session["refreshToken"] }, HttpStatusCode.Unauthorized);
        }

        await one.GetAsync("/api/auth/me", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Register_SameAddressOnBothAtOnce_MakesOneAccount()
    {
        using var both = await hosts.SignUpAsync();
        var body = new { email = $"{Guid.NewGuid():n}@example.com", password = PlatformClient.Password, name = "Ann" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => both[n].Http.PostAsJsonAsync("/api/auth/register", body)));
        Assert.Single(answers, static answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(static answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task ChangeOfABot_OnBothWithTheSameETag_IsMadeOnce()
    {
        using var both = await hosts.SignUpAsync();
        var (one, two) = (both.One, both.Two);
        var bot = await one.CreateBotAsync();
        using var read = await two.Http.GetAsync($"/api/bots/{bot}");
        var etag = read.Headers.ETag!.ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async n =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/bots/{bot}") { Content = JsonContent.Create(new { name = $"Name {n}" }, new MediaTypeHeaderValue("application/merge-patch+json")) };
            request.Headers.TryAddWithoutValidation("If-Match", etag);
            using var answer = await both[n].Http.SendAsync(request);
            return (answer.StatusCode, Text: await answer.Content.ReadAsStringAsync());
        }));
        var (_, made) = Assert.Single(answers, static answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(static answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        var name = (string?)JsonNode.Parse(made)!["name"];
        Assert.All(new[] { await one.GetAsync($"/api/bots/{bot}"), await two.GetAsync($"/api/bots/{bot}") }, now => Assert.Equal(name, (string?)now["name"]));
    }
}
