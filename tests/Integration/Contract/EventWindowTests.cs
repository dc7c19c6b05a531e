using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MidnightOS.Core.Events;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Outbox;
using MidnightOS.Tests.Integration.Api;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>How long a stream of events stands, on a clock that the test moves.</summary>
public sealed class EventWindowTests
{
    [Fact]
    public async Task Events_AfterSixtySeconds_EndAndGoOnWhereAQuietReaderStood()
    {
        await using var api = await StartAsync();
        var ann = await api.RegisterAsync();
        string? place;
        using (var stream = await EventLines.OpenAsync(api.Client, null, ann.Token))
        {
            place = (await stream.NextAsync())!.Id;
            await TellAsync(api, ann, "one");
            var first = (await stream.NextAsync())!;
            Assert.Equal("one", first.Json.GetProperty("subject").GetString());
            api.Clock.Advance(TimeSpan.FromSeconds(59));
            await TellAsync(api, ann, "two");
            Assert.Equal("two", (await stream.NextAsync())!.Json.GetProperty("subject").GetString());
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(await stream.NextAsync());
        }

        // What happened while nobody listened is there for a reader who had got no event at all.
        await TellAsync(api, ann, "three");
        using var again = await EventLines.OpenAsync(api.Client, place, ann.Token);
        Assert.Equal(place, (await again.NextAsync())!.Id);
        var subjects = new List<string?>();
        while (subjects.Count < 3)
        {
            subjects.Add((await again.NextAsync())!.Json.GetProperty("subject").GetString());
        }

        Assert.Equal(["one", "two", "three"], subjects);
    }

    [Fact]
    public async Task Events_WhenTheHostStops_End()
    {
        await using var api = await StartAsync();
        var ann = await api.RegisterAsync();
        using var stream = await EventLines.OpenAsync(api.Client, null, ann.Token);
        await stream.NextAsync();

        api.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Activities_OfEightDaysAgo_AreNoLongerKept()
    {
        await using var api = await StartAsync();
        var ann = await api.RegisterAsync();
        await TellAsync(api, ann, "old");
        api.Clock.Advance(TimeSpan.FromDays(6.9));
        await TellAsync(api, ann, "new");
        var token = await LoginAsync(api, ann);
        Assert.Equal(["new", "old"], await SubjectsAsync(api, token));

        api.Clock.Advance(TimeSpan.FromDays(0.2));

        Assert.Equal(["new"], await SubjectsAsync(api, await LoginAsync(api, ann)));
    }

    private static Task<ApiFixture> StartAsync() => ApiFixture.StartAsync(new ApiSetup { Services = static services => services.AddSingleton<IFlowClient, NoFlows>() });

    private static async Task TellAsync(ApiFixture api, Account account, string subject)
    {
        var tenant = new TenantId(account.TenantId);
        await api.Services.GetRequiredService<IUnitOfWork>().CommitAsync(tenant, new Batch().Publish(EventTypes.Activity, subject, new { kind = "test" }), CancellationToken.None);
        await api.Services.GetRequiredService<DispatchOutbox>().RunAsync(tenant, CancellationToken.None);
    }

    private static async Task<string> LoginAsync(ApiFixture api, Account account) =>
        (await (await api.PostAsync("/api/auth/login", new { email = account.Email, password = account.Password })).JsonAsync()).Text("token");

    private static async Task<IEnumerable<string?>> SubjectsAsync(ApiFixture api, string token) =>
        (await (await api.GetAsync("/api/activities", token)).JsonAsync()).At("data").EnumerateArray().Select(static e => e.Text("subject")).ToList();

    private sealed class NoFlows : IFlowClient
    {
        public Task<bool> StartAsync(string flow, string id, string inputJson, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RaiseAsync(string id, string eventId, string name, string payloadJson, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FlowState?> FindAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
