using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Prover;
using MidnightOS.Prover.Hosting;
using MidnightOS.Tests.Integration.Prover;
using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Worker;

/// <summary>The proof service behind the functions' worker answers as it does on its own listener.</summary>
public sealed class ProverPipelineTests : IAsyncLifetime, IDisposable
{
    private ProverUnderTest _own = null!;
    private WorkerUnderTest _worker = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        // The listener is what the worker's own web host has.
        _own = await ProverUnderTest.StartAsync(
            new ScriptedProver(), static services => services.AddProverPipeline().AddScoped<Lasting>().AddSingleton(new DiagnosticListener("Microsoft.AspNetCore")));
        _worker = await WorkerUnderTest.StartAsync(_own.Services, _own.Services.GetRequiredService<ProverPipeline>().RunAsync, ("Jobs", "jobs/{*path}"), ("ZzOfficial", "{*path}"));
        _client = new HttpClient { BaseAddress = _worker.Address };
    }

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _own.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("GET", "/version", 200)]
    [InlineData("GET", "/proof-versions", 200)]
    [InlineData("GET", "/fetch-params/10", 200)]
    [InlineData("GET", "/fetch-params/300", 404)]
    [InlineData("POST", "/prove", 200)]
    [InlineData("POST", "/k", 400)]
    [InlineData("POST", "/version", 404)]
    [InlineData("GET", "/prove", 404)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/nothing/at/all", 404)]
    public async Task AnyMethod_OfficialRoutes_AreAnsweredAsOnItsOwnListener(string method, string path, int status)
    {
        var answer = await AskAsync(_client, method, path);
        Assert.Equal(status, answer.Status);
        Assert.Equal(await AskAsync(_own.Client, method, path), answer);
        Assert.Equal(["ZzOfficial"], _worker.Called);
    }

    [Fact]
    public async Task Get_WhatItSaysOfItself_IsItsHealth()
    {
        foreach (var path in new[] { "/", "/health", "/ready" })
        {
            var (status, type, text) = await AskAsync(_client, "GET", path);
            Assert.Equal((200, "application/json", "ok"), (status, type, (string?)JsonNode.Parse(text)!["status"]));
        }
    }

    [Fact]
    public async Task Jobs_FromSubmitToResult_WorkInEveryStep()
    {
        var (status, _, text) = await AskAsync(_client, "POST", "/jobs");
        Assert.Equal(202, status);
        var job = (string)JsonNode.Parse(text)!["id"]!;
        await _own.UntilAsync(job, "succeeded");

        Assert.Equal("succeeded", (string?)JsonNode.Parse((await AskAsync(_client, "GET", $"/jobs/{job}")).Text)!["state"]);
        Assert.Equal(await AskAsync(_own.Client, "GET", $"/jobs/{job}/result"), await AskAsync(_client, "GET", $"/jobs/{job}/result"));
        Assert.Equal(job, (string?)JsonNode.Parse((await AskAsync(_client, "GET", "/jobs")).Text)!["data"]![0]!["id"]);
        Assert.Equal(404, (await AskAsync(_client, "GET", "/jobs/prf_none")).Status);
        Assert.Equal(["Jobs"], _worker.Called.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Post_ShownCredentialThatIsWrong_IsUnauthorized()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/prove") { Content = new ByteArrayContent(Bodies.Prove()) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer mnk_wrong");
        using var answer = await _client.SendAsync(request);
        Assert.Equal((401, "unauthorized"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task EachRequest_WhatTheWorkerSet_IsTakenBack()
    {
        var context = new DefaultHttpContext { RequestServices = _own.Services };
        var size = new BodySize { MaxRequestBodySize = 100 };
        context.Features.Set<IHttpMaxRequestBodySizeFeature>(size);
        context.SetEndpoint(new Endpoint(static _ => throw new NotSupportedException("The worker's own endpoint."), null, "a function"));
        context.Request.RouteValues = new RouteValueDictionary { ["path"] = "version" };
        (context.Request.Method, context.Request.Path) = ("GET", "/version");
        await _own.Services.GetRequiredService<ProverPipeline>().RunAsync(context);

        Assert.Equal(200, context.Response.StatusCode);
        Assert.Equal("/version", Assert.IsType<RouteEndpoint>(context.GetEndpoint()).RoutePattern.RawText);
        Assert.Empty(context.Request.RouteValues);
        Assert.Null(size.MaxRequestBodySize);
    }

    [Fact]
    public async Task EachScope_OfARequest_EndsAfterTheAnswer()
    {
        await using var scope = _own.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var ended = new EndedAnswer();
        context.Features.Set<IHttpResponseFeature>(ended);
        (context.Request.Method, context.Request.Path, context.Response.Body) = ("GET", "/health", Stream.Null);
        await _own.Services.GetRequiredService<ProverPipeline>().RunAsync(context);
        var mine = context.RequestServices.GetRequiredService<Lasting>();
        await scope.DisposeAsync();

        Assert.False(mine.IsDisposed);
        await ended.CompleteAsync();
        Assert.True(mine.IsDisposed);
    }

    private static async Task<(int Status, string? Type, string Text)> AskAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? new ByteArrayContent(Bodies.Prove()) : null };
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsStringAsync());
    }

    private sealed class BodySize : IHttpMaxRequestBodySizeFeature
    {
        public bool IsReadOnly => false;

        public long? MaxRequestBodySize { get; set; }
    }
}
