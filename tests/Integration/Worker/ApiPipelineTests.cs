using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.Hosting;
using MidnightOS.Core;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Integration.Api;

namespace MidnightOS.Tests.Integration.Worker;

/// <summary>The API behind the functions' worker answers as it does on its own server.</summary>
public sealed class ApiPipelineTests
{
    private static readonly Dictionary<string, string?> Default = new(StringComparer.Ordinal);

    private static readonly object Credentials = new { email = "nobody@example.com", password = "not the password" };

    [Theory]
    [InlineData("/health", "Health")]
    [InlineData("/health/ready", "Health")]
    [InlineData("/.well-known/jwks.json", "WellKnown")]
    [InlineData("/openapi/v1.json", "OpenApi")]
    public async Task Get_OpenRoutes_AreAnsweredByTheFunctionOfTheirArea(string path, string function)
    {
        await using var host = await PipelineFixture.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.Api.GetAsync(path)).StatusCode);
        Assert.Equal([function], host.Worker.Called);
    }

    [Fact]
    public async Task Session_FromRegisterToLogout_WorksInEveryStep()
    {
        await using var host = await PipelineFixture.StartAsync();
        var ann = await host.Api.RegisterAsync("ann");
        var me = await (await host.Api.GetAsync("/api/auth/me", ann.Token)).JsonAsync();
        Assert.Equal(ann.Email, me.Text("user.email"));
        Assert.Equal(HttpStatusCode.OK, (await host.Api.PostAsync("/api/auth/refresh", new { refreshToken = ann.RefreshToken })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await host.Api.PostAsync("/api/auth/logout", null, ann.Token)).StatusCode);
        await (await host.Api.GetAsync("/api/auth/me", ann.Token)).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/nothing")]
    [InlineData("/api/auth/login/more")]
    [InlineData("/metrics")]
    public async Task AnyMethod_UnknownPath_IsNotFound(string path)
    {
        await using var host = await PipelineFixture.StartAsync();
        await (await host.Api.GetAsync(path)).ExpectErrorAsync(ErrorCodes.NotFound);
        await (await host.Api.PostAsync(path, new { })).ExpectErrorAsync(ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Get_PathThatTakesPost_IsMethodNotAllowedWithAllow()
    {
        await using var host = await PipelineFixture.StartAsync();
        var response = await host.Api.GetAsync("/api/auth/login");
        await response.ExpectErrorAsync(ErrorCodes.MethodNotAllowed);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Post_BadRequests_KeepTheirStatus()
    {
        await using var host = await PipelineFixture.StartAsync();
        await (await host.Api.PostAsync("/api/auth/login", "{ not json")).ExpectErrorAsync(ErrorCodes.InvalidRequest);
        await (await host.Api.PostAsync("/api/auth/login", new StringContent("x", System.Text.Encoding.UTF8, "text/plain"))).ExpectErrorAsync(ErrorCodes.UnsupportedMediaType);
        await (await host.Api.PostAsync("/api/auth/login", new { email = new string('a', 2_000_000), password = "x" })).ExpectErrorAsync(ErrorCodes.PayloadTooLarge);
    }

    [Fact]
    public async Task EachScope_OfARequest_EndsAfterTheAnswer()
    {
        await using var host = await PipelineFixture.StartAsync(new ApiSetup { Services = static services => services.AddScoped<Lasting>() });
        await using var scope = host.Api.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var ended = new EndedAnswer();
        context.Features.Set<IHttpResponseFeature>(ended);
        context.Request.Path = "/health";
        context.Request.Method = "GET";
        context.Response.Body = Stream.Null;
        await host.Api.Services.GetRequiredService<ApiPipeline>().RunAsync(context);
        var mine = context.RequestServices.GetRequiredService<Lasting>();
        await scope.DisposeAsync();

        Assert.False(mine.IsDisposed);
        await ended.CompleteAsync();
        Assert.True(mine.IsDisposed);
        Assert.Null(host.Api.Services.GetRequiredService<IHttpContextAccessor>().HttpContext);
    }

    [Fact]
    public async Task Login_AddressesThatAnybodyCanWrite_DoNotCount()
    {
        await using var host = await PipelineFixture.StartAsync(new ApiSetup { Settings = Default });
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await host.Api.PostAsync("/api/auth/login", Credentials, null, ("X-Forwarded-For", $"203.0.113.{i}"), ("X-Azure-SocketIP", $"203.0.113.{i}")));
        }

        // All strangers are one: many more than one may ask.
        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.Equal(["500", "494"], [Header(answers[5], "X-RateLimit-Limit"), Header(answers[5], "X-RateLimit-Remaining")]);
    }

    [Fact]
    public async Task Login_TrustedHeader_CountsEachAddress()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Api:ClientAddressHeader"] = "X-Azure-SocketIP" };
        await using var host = await PipelineFixture.StartAsync(new ApiSetup { Settings = settings });
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await LoginFromAsync(host, "203.0.113.7")).StatusCode);
        }

        await (await LoginFromAsync(host, "203.0.113.7")).ExpectErrorAsync(ErrorCodes.RateLimited);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginFromAsync(host, "2001:db8::1")).StatusCode);
        Assert.Equal("500", Header(await LoginFromAsync(host, "not an address"), "X-RateLimit-Limit"));
    }

    [Theory]
    [InlineData("Api:ClientAddressHeader", "X Azure")]
    [InlineData("Api:PublicAddress", "api.example.com")]
    [InlineData("Api:PublicAddress", "https://api.example.com/path")]
    [InlineData("ForwardedHeaders:KnownProxies:0", "10.0.0.1")]
    public async Task Start_WrongSetting_NamesIt(string name, string value)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { [name] = value };
        var error = await Assert.ThrowsAsync<OptionsProblemException>(() => PipelineFixture.StartAsync(new ApiSetup { Settings = settings }));
        Assert.Contains(name.Split(":0")[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_PublicAddress_IsTheServerWhateverTheHostForwards()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Api:PublicAddress"] = "https://api.example.com/" };
        await using var host = await PipelineFixture.StartAsync(new ApiSetup { Settings = settings });
        var document = await (await host.Api.GetAsync("/openapi/v1.json", null, ("X-Forwarded-Host", "evil.example.com"), ("X-Forwarded-Proto", "http"))).JsonAsync();
        Assert.Equal("https://api.example.com", document.At("servers")[0].Text("url"));
    }

    private static Task<HttpResponseMessage> LoginFromAsync(PipelineFixture host, string address) =>
        host.Api.PostAsync("/api/auth/login", Credentials, null, ("X-Azure-SocketIP", address));

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
