using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;
using MidnightOS.Prover.Upstream;
using MidnightOS.Tests.Unit.Prover;

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

    private static Task<ProverUnderTest> FrontAsync(Uri[] servers, params (string Name, string Value)[] settings) =>
        ProverUnderTest.StartAsync(null, [("Prover:Upstream", string.Join(';', servers.Select(static server => server.AbsoluteUri))), .. settings]);

    private static async Task<WebApplication> BrokenAsync(int status, string text, Action? asked = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/ready", () => Results.Text("", statusCode: status == 503 ? 503 : 200));
        app.MapPost("/prove", () =>
        {
            asked?.Invoke();
            return Results.Text(text, statusCode: status);
        });
        await app.StartAsync();
        return app;
    }
}
