using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;
using MidnightOS.Prover.Upstream;
using MidnightOS.Tests.Unit.Prover;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>The service in front of other proof servers: ours, which speak the official protocol, or ones that are broken.</summary>
public sealed class UpstreamTests
{
    private static readonly byte[] Proof = Encoding.ASCII.GetBytes(WireTags.VersionedProof + "\u0001the proof");

    [Fact]
    public async Task Prove_ThroughAServer_IsItsAnswerToTheVeryBodyThatCame()
    {
        var behind = new ScriptedProver { Answer = static (asked, _) => Task.FromResult(Answer(asked)) };
        await using var server = await ProverUnderTest.StartAsync(behind);
        await using var front = await FrontAsync(server.Address);
        foreach (var (path, body, expected) in new[]
        {
            ("/prove", Bodies.Prove(), Proof), ("/check", Bodies.Check(), Encoding.ASCII.GetBytes(WireTags.CheckResult)),
            ("/prove-tx", Bodies.ProveTransaction(), Encoding.ASCII.GetBytes("midnight:transaction[v9](signature[v1],proof,x):")), ("/k", Encoding.ASCII.GetBytes(WireTags.Ir + "x"), "6"u8.ToArray()),
        })
        {
            var (status, _, content) = await front.PostAsync(path, body);
            Assert.Equal((200, Encoding.ASCII.GetString(expected)), (status, Encoding.ASCII.GetString(content)));
        }

        Assert.Equal(Bodies.Prove(), ProveRequestWriter.Write((ProveRequest)behind.Asked[0]));
        Assert.Equal(Bodies.Check(), ProveRequestWriter.Write((CheckRequest)behind.Asked[1]));
        Assert.Equal(Bodies.ProveTransaction(), ProveRequestWriter.Write((ProveTransactionRequest)behind.Asked[2]));
    }

    [Fact]
    public async Task Prove_BadInput_IsNotTriedOnTheNext()
    {
        await using var first = await ProverUnderTest.StartAsync(ScriptedProver.Failing(ProofFailureKind.BadInput, "no"));
        var next = new ScriptedProver();
        await using var second = await ProverUnderTest.StartAsync(next);
        await using var front = await FrontAsync(first.Address, second.Address);
        var (status, _, content) = await front.PostAsync("/prove", Bodies.Prove());
        Assert.Equal((400, "bad input"), (status, Encoding.UTF8.GetString(content)));
        Assert.Empty(next.Asked);
    }

    [Theory]
    [InlineData(500, "internal error")]
    [InlineData(503, "")]
    [InlineData(429, "Job Queue full")]
    [InlineData(404, "")]
    [InlineData(302, "")]
    [InlineData(200, "<html>a portal</html>")]
    public async Task Prove_ServerThatCannot_IsLeftForTheNext(int status, string text)
    {
        await using var broken = await BrokenAsync(status, text);
        await using var good = await ProverUnderTest.StartAsync(new ScriptedProver { Answer = static (asked, _) => Task.FromResult(Answer(asked)) });
        await using var front = await FrontAsync(new Uri(broken.Urls.Single()), good.Address);
        var answer = await front.PostAsync("/prove", Bodies.Prove());
        Assert.Equal((200, Encoding.ASCII.GetString(Proof)), (answer.Status, Encoding.ASCII.GetString(answer.Content)));
    }

    [Fact]
    public async Task Prove_ServerThatFailsAgainAndAgain_IsNoLongerAsked()
    {
        var asked = 0;
        await using var broken = await BrokenAsync(500, "internal error", () => Interlocked.Increment(ref asked));
        await using var good = await ProverUnderTest.StartAsync(new ScriptedProver { Answer = static (body, _) => Task.FromResult(Answer(body)) });
        await using var front = await FrontAsync(new Uri(broken.Urls.Single()), good.Address);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await front.PostAsync("/prove", Bodies.Prove())).Status);
        }

        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Prove_ServerThatHangs_IsLeftForTheNextAfterItsTime()
    {
        await using var hung = await ProverUnderTest.StartAsync(ScriptedProver.Endless());
        await using var good = await ProverUnderTest.StartAsync(new ScriptedProver { Answer = static (asked, _) => Task.FromResult(Answer(asked)) });
        await using var front = await FrontAsync([hung.Address, good.Address], ("Prover:UpstreamTimeout", "00:00:05"));
        Assert.Equal(200, (await front.PostAsync("/prove", Bodies.Prove())).Status);
    }

    [Fact]
    public async Task Prove_ClientThatGoesAway_EndsTheWorkBehind()
    {
        var (begun, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ProverUnderTest.StartAsync(ScriptedProver.Endless(begun, ended));
        await using var front = await FrontAsync(server.Address);
        using var gone = new CancellationTokenSource();
        var call = front.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove()), gone.Token);
        await begun.Task;
        await gone.CancelAsync();
        await ended.Task;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Prove_ServerWhoseBreakIsOver_IsAskedAgain()
    {
        var clock = new ManualTimeProvider();
        var (asked, status) = (0, 404);
        await using var server = await ServerAsync(_ => { asked++; return status == 200 ? Results.Bytes(Proof) : Results.StatusCode(status); });
        await using var front = await FrontAsync(clock, [Address(server)]);
        for (var call = 0; call < 5; call++)
        {
            Assert.Equal(500, (await front.PostAsync("/prove", Bodies.Prove(call))).Status);
        }

        Assert.Equal(2, asked);
        status = 200;
        Assert.Equal(500, (await front.PostAsync("/prove", Bodies.Prove(5))).Status);
        Assert.Equal(2, asked);
        var number = 6;
        await UntilAsync(async () => (await front.PostAsync("/prove", Bodies.Prove(number++))).Status == 200, clock);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(413)]
    public async Task Prove_ServerThatIsFullOrTakesLess_IsAskedAllTheSame(int status)
    {
        var asked = 0;
        await using var busy = await ServerAsync(_ => { asked++; return Results.StatusCode(status); });
        await using var good = await ProverUnderTest.StartAsync(new ScriptedProver { Answer = static (body, _) => Task.FromResult(Answer(body)) });
        await using var front = await FrontAsync(Address(busy), good.Address);
        for (var number = 0; number < 5; number++)
        {
            Assert.Equal(200, (await front.PostAsync("/prove", Bodies.Prove(number))).Status);
        }

        Assert.Equal(5, asked);
    }

    [Fact]
    public async Task Prove_BodyThatNoServerTakes_Is400()
    {
        await using var small = await ServerAsync(static _ => Results.StatusCode(413));
        await using var front = await FrontAsync(Address(small));
        Assert.Equal(400, (await front.PostAsync("/prove", Bodies.Prove())).Status);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(0)]
    public async Task Prove_RequestsThatBreakEveryServer_TakeNoneFromTheOthers(int status)
    {
        await using var one = await ServerAsync(BreaksAtOne);
        await using var two = await ServerAsync(BreaksAtOne);
        await using var front = await FrontAsync(Address(one), Address(two));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(500, (await front.PostAsync("/prove", Bodies.Prove(1))).Status);
        }

        Assert.Equal(200, (await front.PostAsync("/prove", Bodies.Prove(2))).Status);

        IResult BreaksAtOne(HttpContext context)
        {
            using var body = new MemoryStream();
            context.Request.Body.CopyTo(body);
            if (!body.ToArray().AsSpan().SequenceEqual(Bodies.Prove(1)))
            {
                return Results.Bytes(Proof);
            }

            if (status == 0)
            {
                context.Abort();
            }

            return Results.StatusCode(500);
        }
    }

    [Fact]
    public async Task Prove_ServerThatHangsAgainAndAgain_IsNoLongerAsked()
    {
        var clock = new ManualTimeProvider();
        var endless = ScriptedProver.Endless();
        await using var hung = await ProverUnderTest.StartAsync(endless);
        await using var good = await ProverUnderTest.StartAsync(new ScriptedProver { Answer = static (asked, _) => Task.FromResult(Answer(asked)) });
        await using var front = await FrontAsync(clock, [hung.Address, good.Address], ("Prover:UpstreamTimeout", "00:00:03"));
        await UntilAsync(() => Task.FromResult(front.Services.GetRequiredService<UpstreamServers>().All.All(static server => server.Health is UpstreamHealth.Ready)));
        for (var call = 1; call <= 2; call++)
        {
            var answer = front.PostAsync("/prove", Bodies.Prove(call));
            await UntilAsync(() => Task.FromResult(endless.Asked.Count == call));
            clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal(200, (await answer).Status);
        }

        Assert.Equal(200, (await front.PostAsync("/prove", Bodies.Prove(3)).WaitAsync(TimeSpan.FromSeconds(30))).Status);
        Assert.Equal(2, endless.Asked.Count);
    }

    [Fact]
    public async Task Jobs_WhileNoServerCanAnswer_WaitAndCostNoAttempt()
    {
        var clock = new ManualTimeProvider();
        var (asked, status) = (0, 404);
        await using var server = await ServerAsync(_ => { Interlocked.Increment(ref asked); return status == 200 ? Results.Bytes(Proof) : Results.StatusCode(status); });
        await using var front = await FrontAsync(clock, [Address(server)]);
        var jobs = new List<string>();
        for (var number = 0; number < 6; number++)
        {
            jobs.Add(await front.SubmitAsync(number));
        }

        // Longer than a restart of a server takes.
        await UntilAsync(async () => asked >= 4 && (await StatesAsync(front)).All(static state => state == "queued 0"), clock);
        status = 200;
        await UntilAsync(async () => (await StatesAsync(front)).All(static state => state == "succeeded 1"), clock);
        Assert.Equal(jobs.Count, (await StatesAsync(front)).Count);
    }

    [Theory]
    [InlineData(1, "succeeded 2")]
    [InlineData(100, "failed 3")]
    public async Task Jobs_ConnectionThatBreaksAtWork_IsTriedAsOftenAsAJobMayBe(int breaks, string expected)
    {
        var clock = new ManualTimeProvider();
        var asked = 0;
        await using var server = await ServerAsync(context =>
        {
            if (Interlocked.Increment(ref asked) <= breaks)
            {
                context.Abort();
            }

            return Results.Bytes(Proof);
        });
        await using var front = await FrontAsync(clock, [Address(server)]);
        await front.SubmitAsync(1);
        await UntilAsync(async () => (await StatesAsync(front)).Single() == expected, clock);
        Assert.Equal(Math.Min(breaks + 1, 3), asked);
    }

    [Fact]
    public async Task Jobs_RequestThatServersAnswerWithAnError_FailsAtOnce()
    {
        var asked = 0;
        await using var server = await ServerAsync(_ => { asked++; return Results.StatusCode(500); });
        await using var front = await FrontAsync(Address(server));
        await front.SubmitAsync(1);
        await UntilAsync(async () => (await StatesAsync(front)).Single() == "failed 1");
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Prove_ThroughServers_IsMeasuredByServer()
    {
        await using var broken = await BrokenAsync(500, "internal error");
        await using var good = await ProverUnderTest.StartAsync(new ScriptedProver { Answer = static (asked, _) => Task.FromResult(Answer(asked)) });
        await using var front = await FrontAsync(Address(broken), good.Address);
        var meters = front.Services.GetRequiredService<IMeterFactory>();
        ConcurrentBag<string> seen = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name == UpstreamMetrics.Name)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add($"{instrument.Name} {Text(tags)} {value}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.Add($"{instrument.Name} {Text(tags)}"));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => seen.Add($"{instrument.Name} {Text(tags)} {value}"));
        listener.Start();
        await front.PostAsync("/prove", Bodies.Prove(1));
        await front.PostAsync("/prove", Bodies.Prove(2));
        listener.RecordObservableInstruments();

        Assert.Equal(2, seen.Count(static line => line == "midnight.prover.upstream.calls server=1 operation=prove outcome=broke 1"));
        Assert.Equal(2, seen.Count(static line => line == "midnight.prover.upstream.calls server=2 operation=prove outcome=ok 1"));
        Assert.Equal(4, seen.Count(static line => line.StartsWith("midnight.prover.upstream.call.duration server=", StringComparison.Ordinal)));
        Assert.Contains("midnight.prover.upstream.health server=1 2", seen);
        Assert.Contains("midnight.prover.upstream.health server=2 0", seen);

        static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"));
    }

    [Fact]
    public async Task Check_ServersThatComeAndGo_AreUsedAsTheyAre()
    {
        var gone = await ProverUnderTest.StartAsync(new ScriptedProver());
        await using var busy = await BrokenAsync(503, "busy");
        await using var good = await ProverUnderTest.StartAsync(new ScriptedProver());
        await using var front = await FrontAsync(gone.Address, new Uri(busy.Urls.Single()), good.Address);
        var servers = front.Services.GetRequiredService<UpstreamServers>();
        await servers.CheckAsync(default);
        Assert.Equal([UpstreamHealth.Ready, UpstreamHealth.Busy, UpstreamHealth.Ready], servers.All.Select(static server => server.Health));
        Assert.Equal([gone.Address, good.Address, new Uri(busy.Urls.Single())], servers.InOrder().Select(static server => server.Address));

        await gone.DisposeAsync();
        await servers.CheckAsync(default);
        Assert.Equal(UpstreamHealth.Down, servers.All[0].Health);
        Assert.Equal(good.Address, servers.InOrder()[0].Address);
    }

    [Fact]
    public async Task Prove_NoServerLeft_Is500()
    {
        await using var broken = await BrokenAsync(500, "internal error");
        await using var front = await FrontAsync(new Uri(broken.Urls.Single()), new Uri("http://127.0.0.1:9"));
        var (status, _, content) = await front.PostAsync("/prove", Bodies.Prove());
        Assert.Equal((500, "internal error"), (status, Encoding.UTF8.GetString(content)));
        Assert.Contains("Prover:Upstream", front.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("banana")]
    [InlineData("http://127.0.0.1:6300;ftp://127.0.0.1")]
    public async Task Start_AddressThatIsNone_IsOneSentenceThatNamesTheSetting(string upstream)
    {
        var exception = await Record.ExceptionAsync(() => ProverUnderTest.StartAsync(null, ("Prover:Upstream", upstream)));
        Assert.StartsWith("Prover:Upstream must be addresses", Assert.IsType<OptionsProblemException>(exception).Message, StringComparison.Ordinal);
    }

    private static ProverAnswer Answer(object asked) => new()
    {
        K = 6,
        Content = asked switch
        {
            ProveRequest => Proof,
            CheckRequest => Encoding.ASCII.GetBytes(WireTags.CheckResult),
            _ => "midnight:transaction[v9](signature[v1],proof,x):"u8.ToArray(),
        },
    };

    private static Task<ProverUnderTest> FrontAsync(params Uri[] servers) => FrontAsync(servers, []);

    private static Task<ProverUnderTest> FrontAsync(Uri[] servers, params (string Name, string Value)[] settings) => FrontAsync(TimeProvider.System, servers, settings);

    private static Task<ProverUnderTest> FrontAsync(TimeProvider clock, Uri[] servers, params (string Name, string Value)[] settings) => ProverUnderTest.StartAsync(
        null, services => services.AddSingleton(clock), [("Prover:Upstream", string.Join(';', servers.Select(static server => server.AbsoluteUri))), .. settings]);

    private static Uri Address(WebApplication server) => new(server.Urls.Single());

    private static async Task<IReadOnlyList<string>> StatesAsync(ProverUnderTest front) =>
        [.. JsonNode.Parse(await front.Client.GetStringAsync("/jobs"))!["data"]!.AsArray().Select(static job => $"{job!["state"]} {job["attempts"]}")];

    /// <summary>Waits; a clock that is given goes on meanwhile.</summary>
    private static async Task UntilAsync(Func<Task<bool>> happened, ManualTimeProvider? clock = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await happened())
        {
            clock?.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, limit.Token);
        }
    }

    private static Task<WebApplication> BrokenAsync(int status, string text, Action? asked = null) => ServerAsync(
        _ =>
        {
            asked?.Invoke();
            return Results.Text(text, statusCode: status);
        },
        status == 503 ? 503 : 200);

    /// <summary>Something that is asked to prove.</summary>
    private static async Task<WebApplication> ServerAsync(Func<HttpContext, IResult> prove, int ready = 200)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/ready", () => Results.Text("", statusCode: ready));
        app.MapPost("/prove", async (HttpContext context) =>
        {
            context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
            await prove(context).ExecuteAsync(context);
        });
        await app.StartAsync();
        return app;
    }
}
