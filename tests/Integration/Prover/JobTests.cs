using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;
using MidnightOS.Prover.Queue;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Prover;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Jobs over HTTP: accepted once, proved once, kept over a restart, and nobody else's.</summary>
public sealed class JobTests
{
    [Fact]
    public async Task Jobs_Accepted_IsProvedAndItsResultIsTheProof()
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        var job = await SubmitAsync(prover, 1);
        var done = await UntilAsync(prover, job, "succeeded");

        Assert.Equal((6, 1), ((int)done["k"]!, (int)done["attempts"]!));
        using var result = await prover.Client.GetAsync($"/jobs/{job}/result");
        Assert.Equal("the answer", await result.Content.ReadAsStringAsync());
        var listed = JsonNode.Parse(await prover.Client.GetStringAsync("/jobs"))!["data"]!.AsArray();
        Assert.Equal(job, (string)Assert.Single(listed)!["id"]!);
        Assert.Equal(1, (int)JsonNode.Parse(await prover.Client.GetStringAsync("/usage"))!["proofs"]!);
    }

    [Fact]
    public async Task Usage_DayWithoutProofs_IsZero()
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        Assert.Equal("""{"day":"2026-06-01","proofs":0,"seconds":0,"byK":{}}""", await prover.Client.GetStringAsync("/usage?day=2026-06-01"));
    }

    [Fact]
    public async Task Jobs_SameContentTwice_IsProvedOnce()
    {
        var prover = new ScriptedProver();
        await using var service = await ProverUnderTest.StartAsync(prover);
        var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SubmitAsync(service, 1)));
        await UntilAsync(service, Assert.Single(ids.Distinct(StringComparer.Ordinal)), "succeeded");

        var (status, _, proof) = await service.PostAsync("/prove", Bodies.Prove(1));
        Assert.Equal((200, "the answer"), (status, Encoding.UTF8.GetString(proof)));
        Assert.Single(prover.Asked);
    }

    [Fact]
    public async Task Prove_SameContentAtOnce_IsProvedOnce()
    {
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var prover = new ScriptedProver { Answer = async (_, _) => { begun.TrySetResult(); await go.Task; return new ProverAnswer { Content = "one"u8.ToArray(), K = 6 }; } };
        await using var service = await ProverUnderTest.StartAsync(prover);
        var first = service.PostAsync("/prove", Bodies.Prove(1));
        await begun.Task;
        using var gone = new CancellationTokenSource();
        var second = service.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove(1)), gone.Token);
        var third = service.PostAsync("/prove", Bodies.Prove(1));
        var queue = service.Services.GetRequiredService<ProofLine>();
        await Wait.UntilAsync(() => queue.Callers == 3);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Wait.UntilAsync(() => queue.Callers == 2);
        go.SetResult();

        Assert.Equal(("one", "one"), (Encoding.UTF8.GetString((await first).Content), Encoding.UTF8.GetString((await third).Content)));
        Assert.Single(prover.Asked);
    }

    [Fact]
    public async Task Prove_TakesLongerThanAnAnswerMay_PointsToTheJobThatGoesOn()
    {
        var go = new TaskCompletionSource();
        var prover = new ScriptedProver { Answer = async (_, stop) => { await go.Task.WaitAsync(stop); return new ProverAnswer { Content = "late"u8.ToArray(), K = 6, Worked = TimeSpan.FromSeconds(1) }; } };
        await using var service = await ProverUnderTest.StartAsync(prover, ("Prover:AnswerTimeout", "00:00:01"));
        using var answer = await service.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove(1)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var job = answer.Headers.Location!.OriginalString["/jobs/".Length..];
        Assert.Equal("running", (string)JsonNode.Parse(await service.Client.GetStringAsync($"/jobs/{job}"))!["state"]!);

        go.SetResult();
        await UntilAsync(service, job, "succeeded");
        var (status, _, proof) = await service.PostAsync("/prove", Bodies.Prove(1));
        Assert.Equal((200, "late"), (status, Encoding.UTF8.GetString(proof)));
        Assert.Single(prover.Asked);
        Assert.Equal(1, (int)JsonNode.Parse(await service.Client.GetStringAsync("/usage"))!["proofs"]!);
    }

    [Fact]
    public async Task Jobs_OneTenantFloods_AnotherIsServedAmongTheFirst()
    {
        var order = new ConcurrentQueue<string>();
        var gate = new SemaphoreSlim(0);
        var prover = new ScriptedProver
        {
            Answer = async (request, stop) =>
            {
                await gate.WaitAsync(stop);
                order.Enqueue(Encoding.ASCII.GetString(((ProveRequest)request).Keys!.Ir.Span));
                return new ProverAnswer { Content = "proof"u8.ToArray(), K = 6 };
            },
        };
        await using var service = await ProverUnderTest.StartAsync(prover);
        var (ann, bob) = (await service.SignUpAsync("ann"), await service.SignUpAsync("bob"));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(n => SubmitAsync(service, n, ann.AccessToken)));
        var job = await SubmitAsync(service, 1000, bob.AccessToken);
        gate.Release(101);
        await UntilAsync(service, job, "succeeded", bob.AccessToken);

        Assert.InRange(order.ToList().IndexOf("circuit 1000"), 0, 5);
        using var ofAnother = await GetAsync(service, $"/jobs/{job}", ann.AccessToken);
        Assert.Equal(HttpStatusCode.NotFound, ofAnother.StatusCode);
    }

    [Fact]
    public async Task Jobs_CircuitThatAnotherTenantProved_TellsNothingOfIt()
    {
        await using var service = await ProverUnderTest.StartAsync(
            new ScriptedProver { Answer = static (_, _) => Task.FromResult(new ProverAnswer { Content = "proof"u8.ToArray(), K = 6, Worked = TimeSpan.FromSeconds(1) }) });
        var (ann, bob) = (await service.SignUpAsync("ann"), await service.SignUpAsync("bob"));
        await UntilAsync(service, await SubmitAsync(service, 1, ann.AccessToken), "succeeded", ann.AccessToken);

        Assert.Equal(6, (int?)await KAsync(ann.AccessToken));
        Assert.Null(await KAsync(bob.AccessToken));

        // Another witness for the same keys.
        async Task<JsonNode?> KAsync(string token)
        {
            var (_, _, content) = await service.PostAsync("/jobs", [.. Bodies.Prove(1)[..^33], .. Bodies.Prove()[^33..^1], 0x72], $"Bearer {token}");
            return JsonNode.Parse(content)!["k"];
        }
    }

    [Fact]
    public async Task Jobs_HostStopsWhileTheyRunAndWait_TheNextOneProvesThemAll()
    {
        using var folder = new TemporaryFolder();
        List<string> jobs = [];
        await using (var first = await ProverUnderTest.StartAsync(ScriptedProver.Endless(), folder))
        {
            for (var n = 0; n < 6; n++)
            {
                jobs.Add(await SubmitAsync(first, n));
            }

            await UntilAsync(first, jobs[0], "running");
        }

        var prover = new ScriptedProver();
        await using var second = await ProverUnderTest.StartAsync(prover, folder);
        foreach (var job in jobs)
        {
            Assert.Equal(1, (int)(await UntilAsync(second, job, "succeeded"))["attempts"]!);
        }

        Assert.Equal(6, prover.Asked.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_WaitingOrRunning_StopsIt(bool running)
    {
        var (begun, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var prover = ScriptedProver.Endless(begun, ended);
        await using var service = await ProverUnderTest.StartAsync(prover, ("Proofs:RunningPerTenant", "1"));
        var first = await SubmitAsync(service, 1);
        await begun.Task;
        var second = await SubmitAsync(service, 2);
        var job = running ? first : second;
        using var deleted = await service.Client.DeleteAsync($"/jobs/{job}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await UntilAsync(service, job, "cancelled");
        if (running)
        {
            await ended.Task;
            await UntilAsync(service, second, "running");
        }

        using var result = await service.Client.GetAsync($"/jobs/{job}/result");
        Assert.Equal(HttpStatusCode.Conflict, result.StatusCode);
    }

    [Fact]
    public async Task Jobs_CannotBeProved_SaysWhy()
    {
        await using var service = await ProverUnderTest.StartAsync(ScriptedProver.Failing(ProofFailureKind.BadInput, "the witness does not fit"));
        var job = await SubmitAsync(service, 1);
        Assert.Equal("the witness does not fit", (string)(await UntilAsync(service, job, "failed"))["error"]!["reason"]!);
        using var result = await service.Client.GetAsync($"/jobs/{job}/result");
        Assert.Equal((HttpStatusCode.BadRequest, "bad input: the witness does not fit"), (result.StatusCode, await result.Content.ReadAsStringAsync()));
        using var malformed = await service.Client.PostAsync("/jobs", new ByteArrayContent([1, 2, 3]));
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
    }

    [Fact]
    public async Task Result_ProofIsNotThereAnyMore_Is410AndMadeAnewWhenAskedAgain()
    {
        var prover = new ScriptedProver();
        await using var service = await ProverUnderTest.StartAsync(prover);
        var job = await SubmitAsync(service, 1);
        await UntilAsync(service, job, "succeeded");
        var stored = await service.Services.GetRequiredService<ReadProof>().FindAsync(TenantId.Platform, job, default);
        await service.Services.GetRequiredService<ProofPayloads>().DeleteAsync(TenantId.Platform, stored!.Payload, default);
        using var gone = await service.Client.GetAsync($"/jobs/{job}/result");
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);

        Assert.Equal(job, await SubmitAsync(service, 1));
        await UntilAsync(service, job, "succeeded");
        using var result = await service.Client.GetAsync($"/jobs/{job}/result");
        Assert.Equal("the answer", await result.Content.ReadAsStringAsync());
        Assert.Equal(2, prover.Asked.Count);
    }

    [Fact]
    public async Task Get_AsEvents_TellsEachStateToTheLast()
    {
        var go = new TaskCompletionSource();
        var prover = new ScriptedProver { Answer = async (_, _) => { await go.Task; return new ProverAnswer { Content = "proof"u8.ToArray(), K = 6 }; } };
        await using var service = await ProverUnderTest.StartAsync(prover);
        var job = await SubmitAsync(service, 1);
        await UntilAsync(service, job, "running");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/jobs/{job}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("\"state\":\"running\"", await NextAsync(reader), StringComparison.Ordinal);
        go.SetResult();
        Assert.Contains("\"state\":\"succeeded\"", await NextAsync(reader), StringComparison.Ordinal);
        Assert.Null(await reader.ReadLineAsync());
        await Wait.UntilAsync(() => service.Services.GetRequiredService<ProofSignal>().FollowedJobs == 0);
    }

    private static async Task<string> NextAsync(StreamReader reader)
    {
        var data = "";
        while (await reader.ReadLineAsync() is { } line && line.Length > 0)
        {
            data = line.StartsWith("data: ", StringComparison.Ordinal) ? line : data;
        }

        return data;
    }

    private static async Task<string> SubmitAsync(ProverUnderTest service, int number, string? token = null)
    {
        var (status, _, content) = await service.PostAsync("/jobs", Bodies.Prove(number), token is null ? null : $"Bearer {token}");
        Assert.True(status == 202, $"{status} {Encoding.UTF8.GetString(content)}");
        return (string)JsonNode.Parse(content)!["id"]!;
    }

    private static Task<HttpResponseMessage> GetAsync(ProverUnderTest service, string path, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return service.Client.SendAsync(request);
    }

    private static async Task<JsonNode> UntilAsync(ProverUnderTest service, string job, string state, string? token = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await GetAsync(service, $"/jobs/{job}", token);
            var view = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            if ((string)view["state"]! == state)
            {
                return view;
            }

            Assert.False(limit.IsCancellationRequested, $"The job did not become {state}: {view.ToJsonString()}");
            await Task.Delay(20);
        }
    }
}
