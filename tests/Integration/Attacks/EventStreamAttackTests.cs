using System.Net;
using System.Net.Http.Headers;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Isolation;

namespace MidnightOS.Tests.Integration.Attacks;

/// <summary>What somebody does with event streams who wants more than their share, or to go on listening.</summary>
[Collection(PlatformCollection.Name)]
public sealed class EventStreamAttackTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Stream_EleventhOfAUser_IsLimitedUntilOneIsClosed()
    {
        using var ann = await platform.SignUpAsync();
        using var bob = await platform.SignUpAsync();
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < 10; i++)
        {
            open.Add(await OpenAsync(ann));
            Assert.Equal(HttpStatusCode.OK, open[^1].StatusCode);
        }

        using (var refused = await OpenAsync(ann))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        (await OpenAsync(bob)).EnsureSuccessStatusCode().Dispose();
        open.ForEach(static stream => stream.Dispose());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        HttpStatusCode again;
        do
        {
            using var next = await OpenAsync(ann);
            again = next.StatusCode;
        }
        while (again != HttpStatusCode.OK && !limit.IsCancellationRequested);

        Assert.Equal(HttpStatusCode.OK, again);
    }

    [Fact]
    public async Task Stream_AfterLogout_TellsNothingMore()
    {
        using var ann = await platform.SignUpAsync();
        using var eve = ann.On(platform.Address);
        using var stream = await OpenAsync(eve);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await ann.PostAsync("/api/auth/logout", null, HttpStatusCode.NoContent);
        var session = await ann.PostAsync("/api/auth/login", new { email = ann.Email, password = PlatformClient.Password });
        ann.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)session["token"]!);

        var bot = await ann.CreateBotAsync();

        Assert.DoesNotContain(bot, await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evt_99999999999999999999")]
    [InlineData("evt_00000000000000001000")]
    public async Task Stream_LastEventIdOfTheFuture_StillTellsWhatHappensNow(string lastEventId)
    {
        using var ann = await platform.SignUpAsync();
        var seen = new EventReader(ann, lastEventId).UntilAsync("\"status\":\"running\"");
        while (!seen.IsCompleted)
        {
            await ann.CreateBotAsync();
        }

        Assert.Contains("bot_status", await seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evt_")]
    [InlineData("evt_0000000000000000000x")]
    [InlineData("1")]
    [InlineData("evt_00000000000000000000' OR 1=1")]
    public async Task Stream_LastEventIdThatIsNone_IsInvalidRequest(string lastEventId)
    {
        using var ann = await platform.SignUpAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        using var refused = await ann.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private static Task<HttpResponseMessage> OpenAsync(PlatformClient client) =>
        client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/events"), HttpCompletionOption.ResponseHeadersRead);
}
