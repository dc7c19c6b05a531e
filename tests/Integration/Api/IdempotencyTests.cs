using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Idempotency;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Api;

public sealed class IdempotencyTests
{
    private static readonly (string, string) Key = ("Idempotency-Key", "key-1");

    [Fact]
    public async Task Post_SameKeyAndBody_GivesTheFirstAnswerAgain()
    {
        var work = new Work();
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var account = await api.RegisterAsync();
        var first = await api.PostAsync("/things", new { name = "one" }, account.Token, Key);
        var second = await api.PostAsync("/things", new { name = "one" }, account.Token, Key);

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Single(work.Ids);
    }

    [Fact]
    public async Task Post_SameKeyOtherBody_IsMismatch()
    {
        var work = new Work();
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var account = await api.RegisterAsync();
        await api.PostAsync("/things", new { name = "one" }, account.Token, Key);
        await (await api.PostAsync("/things", new { name = "two" }, account.Token, Key)).ExpectErrorAsync(ErrorCodes.IdempotencyMismatch);
        await (await api.PostAsync("/things?dryRun=true", new { name = "one" }, account.Token, Key)).ExpectErrorAsync(ErrorCodes.IdempotencyMismatch);
    }

    [Fact]
    public async Task Post_SameKeyOfAnotherUserPathOrDay_RunsAgain()
    {
        var work = new Work();
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var (alice, bob) = (await api.RegisterAsync("alice"), await api.RegisterAsync("bob"));
        await api.PostAsync("/things", new { name = "one" }, alice.Token, Key);
        await api.PostAsync("/things", new { name = "one" }, bob.Token, Key);
        await api.PostAsync("/other", new { name = "one" }, alice.Token, Key);
        Assert.Equal(3, work.Ids.Distinct(StringComparer.Ordinal).Count());

        api.Clock.Advance(TimeSpan.FromHours(24));
        var token = (await (await api.PostAsync("/api/auth/refresh", new { refreshToken = alice.RefreshToken })).JsonAsync()).Text("token");
        await api.PostAsync("/things", new { name = "two" }, token, Key);
        Assert.Equal(4, work.Ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Post_WithoutKey_RunsEachTimeWithoutDerivedId()
    {
        var work = new Work();
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var account = await api.RegisterAsync();
        await api.PostAsync("/things", new { name = "one" }, account.Token);
        await api.PostAsync("/things", new { name = "one" }, account.Token);
        Assert.Equal(["none", "none"], work.Ids);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    public async Task Post_MalformedKey_IsInvalidRequest(string key)
    {
        var work = new Work();
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var account = await api.RegisterAsync();
        await (await api.PostAsync("/things", new { name = "one" }, account.Token, ("Idempotency-Key", key))).ExpectErrorAsync(ErrorCodes.InvalidRequest, "Idempotency-Key");
        await (await api.PostAsync("/things", new { name = "one" }, account.Token, ("Idempotency-Key", new string('k', 256))))
            .ExpectErrorAsync(ErrorCodes.InvalidRequest, "Idempotency-Key");
        Assert.Empty(work.Ids);
    }

    [Fact]
    public async Task Post_FinalFailure_IsGivenAgain()
    {
        var work = new Work { Answer = static () => new Error(ErrorCodes.PolicyDenied, "No.").ToHttp() };
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var account = await api.RegisterAsync();
        await (await api.PostAsync("/things", new { name = "one" }, account.Token, Key)).ExpectErrorAsync(ErrorCodes.PolicyDenied);
        await (await api.PostAsync("/things", new { name = "one" }, account.Token, Key)).ExpectErrorAsync(ErrorCodes.PolicyDenied);
        Assert.Single(work.Ids);
    }

    [Theory]
    [InlineData("RATE_LIMITED")]
    [InlineData("UPSTREAM_UNAVAILABLE")]
    [InlineData("INTERNAL_ERROR")]
    [InlineData("UNAUTHORIZED")]
    public async Task Post_PassingFailure_RunsAgainWithTheSameId(string code)
    {
        var work = new Work { Answer = () => new Error(ErrorCodes.All.Single(c => c.Name == code), "Not now.").ToHttp() };
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var account = await api.RegisterAsync();
        await api.PostAsync("/things", new { name = "one" }, account.Token, Key);
        work.Answer = null;
        var second = await api.PostAsync("/things", new { name = "one" }, account.Token, Key);

        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        Assert.Equal(2, work.Ids.Count);
        Assert.Single(work.Ids.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Post_HandlerThrows_RunsAgainWithTheSameId()
    {
        var work = new Work { Answer = static () => throw new InvalidOperationException("a bug") };
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var account = await api.RegisterAsync();
        await (await api.PostAsync("/things", new { name = "one" }, account.Token, Key)).ExpectErrorAsync(ErrorCodes.InternalError);
        work.Answer = null;
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("/things", new { name = "one" }, account.Token, Key)).StatusCode);
        Assert.Single(work.Ids.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Post_FirstStillRunning_WaitsAndGivesItsAnswer()
    {
        var work = new Work { Gate = new TaskCompletionSource() };
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var account = await api.RegisterAsync();
        var first = api.PostAsync("/things", new { name = "one" }, account.Token, Key);
        await work.Began.Task;
        var second = api.PostAsync("/things", new { name = "one" }, account.Token, Key);
        await UntilAsync(() => api.Clock.WaitingTimers > 0);
        work.Gate.SetResult();
        await first;
        await AdvanceUntilAsync(api.Clock, second);

        Assert.Equal(await (await first).Content.ReadAsStringAsync(), await (await second).Content.ReadAsStringAsync());
        Assert.Single(work.Ids);
    }

    [Fact]
    public async Task Post_FirstRunsLongerThanTenSeconds_IsConflictWithRetryAfter()
    {
        var work = new Work { Gate = new TaskCompletionSource() };
        await using var api = await ApiFixture.StartAsync(work.Setup());
        var account = await api.RegisterAsync();
        var first = api.PostAsync("/things", new { name = "one" }, account.Token, Key);
        await work.Began.Task;
        var start = api.Clock.GetUtcNow();
        var second = api.PostAsync("/things", new { name = "one" }, account.Token, Key);
        await AdvanceUntilAsync(api.Clock, second);

        await (await second).ExpectErrorAsync(ErrorCodes.Conflict);
        Assert.NotNull((await second).Headers.RetryAfter);
        Assert.True(api.Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(10));
        work.Gate.SetResult();
        Assert.Equal(HttpStatusCode.Accepted, (await first).StatusCode);
    }

    [Fact]
    public async Task Post_FirstHostDiedAtWork_RunsAgainWithTheSameIdWhenTheLeaseIsOver()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualTimeProvider();
        var dead = new Work { Gate = new TaskCompletionSource() };
        var alive = new Work();
        await using var one = await ApiFixture.StartAsync(dead.Setup() with { Folder = folder.Path, Clock = clock });
        await using var two = await ApiFixture.StartAsync(alive.Setup() with { Folder = folder.Path, Clock = clock });
        var account = await one.RegisterAsync();
        var lost = one.PostAsync("/things", new { name = "one" }, account.Token, Key);
        await dead.Began.Task;

        clock.Advance(IdempotencyStore.Lease);
        var response = await two.PostAsync("/things", new { name = "one" }, account.Token, Key);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(dead.Ids, alive.Ids);

        // The dead one was only slow: its answer does not replace the one that was given.
        dead.Gate.SetResult();
        await lost;
        var again = await two.PostAsync("/things", new { name = "one" }, account.Token, Key);
        Assert.Equal(await response.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Single(alive.Ids);
    }

    [Fact]
    public async Task Post_ManyAtOnceOnTwoHosts_RunOnce()
    {
        using var folder = new TemporaryFolder();
        var work = new Work();
        var setup = work.Setup() with { Folder = folder.Path, Clock = new ManualTimeProvider() };
        await using var one = await ApiFixture.StartAsync(setup);
        await using var two = await ApiFixture.StartAsync(setup);
        var account = await one.RegisterAsync();
        var requests = Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? one : two).PostAsync("/things", new { name = "one" }, account.Token, Key)).ToList();
        await Task.WhenAny(requests);
        var all = Task.WhenAll(requests);
        await AdvanceUntilAsync(one.Clock, all);

        var bodies = await Task.WhenAll((await all).Select(static answer => answer.Content.ReadAsStringAsync()));
        Assert.Single(bodies.Distinct(StringComparer.Ordinal));
        Assert.Single(work.Ids);
    }

    [Fact]
    public async Task Post_EventStream_GoesOutAsItIsWrittenAndIsGivenAgain()
    {
        var gate = new TaskCompletionSource();
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Routes = routes => MapStream(routes, gate) });
        var account = await api.RegisterAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/stream");
        request.Headers.Authorization = new("Bearer", account.Token);
        request.Headers.Add(Key.Item1, Key.Item2);
        using var response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(stream);
        Assert.Equal("data: 1", await reader.ReadLineAsync());
        gate.SetResult();
        Assert.Equal("\ndata: 2\n\n", await reader.ReadToEndAsync());

        var again = await api.PostAsync("/stream", null, account.Token, Key);
        Assert.Equal("data: 1\n\ndata: 2\n\n", await again.Content.ReadAsStringAsync());
        Assert.Equal("text/event-stream", again.Content.Headers.ContentType?.MediaType);
    }

    private static void MapStream(IEndpointRouteBuilder routes, TaskCompletionSource gate) =>
        routes.MapPost("/stream", (HttpContext context) => Results.Stream(async body =>
        {
            await body.WriteAsync("data: 1\n\n"u8.ToArray());
            await body.FlushAsync();
            await gate.Task;
            await body.WriteAsync("data: 2\n\n"u8.ToArray());
        }, "text/event-stream")).Limited(RateLimit.Chat).Idempotent();

    private static async Task AdvanceUntilAsync(ManualTimeProvider clock, Task task)
    {
        while (!task.IsCompleted)
        {
            if (clock.WaitingTimers > 0)
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
            }

            await Task.Yield();
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    /// <summary>An endpoint that creates something, and what became of each time that it ran.</summary>
    private sealed class Work
    {
        public ConcurrentQueue<string> Ids { get; } = new();

        public Func<IResult>? Answer { get; set; }

        public TaskCompletionSource? Gate { get; init; }

        public TaskCompletionSource Began { get; } = new();

        public ApiSetup Setup() => new() { Routes = Map };

        private void Map(IEndpointRouteBuilder routes)
        {
            var group = routes.MapGroup("").AddEndpointFilter<RouteGroupBuilder, RequestPartFilter>();
            group.MapPost("/things", RunAsync).Limited(RateLimit.Reads).Idempotent();
            group.MapPost("/other", RunAsync).Limited(RateLimit.Reads).Idempotent();
        }

        private async Task<IResult> RunAsync(Body<ThingRequest> body, IdempotencyContext idempotency)
        {
            var id = idempotency.DeriveId(IdPrefix.Bot) ?? "none";
            Ids.Enqueue(id);
            Began.TrySetResult();
            await (Gate?.Task ?? Task.CompletedTask);
            return Answer?.Invoke() ?? Results.Accepted($"/things/{id}", new { id, body.Value.Name, run = Guid.NewGuid() });
        }
    }

    private sealed record ThingRequest
    {
        public required string Name { get; init; }
    }
}
