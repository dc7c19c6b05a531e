using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Health;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Integration.Api;

public sealed class HostTests
{
    [Fact]
    public async Task Health_Always_IsAlive()
    {
        await using var api = await ApiFixture.StartAsync();
        var response = await api.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("alive", (await response.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task Ready_AllDependenciesUp_ShowsEachWithItsLatency()
    {
        await using var api = await ApiFixture.StartAsync(With(new Probe("one", static _ => Task.CompletedTask)));
        var response = await api.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var ready = await response.JsonAsync();
        Assert.Equal("ready", ready.Text("status"));
        var one = ready.At("dependencies").EnumerateArray().Single(static d => d.Text("name") == "one");
        Assert.Equal("up", one.Text("state"));
        Assert.Equal(JsonValueKind.Number, one.At("latencyMs").ValueKind);
    }

    [Fact]
    public async Task Ready_OneDependencyFails_IsUnavailable()
    {
        await using var api = await ApiFixture.StartAsync(With(new Probe("one", static _ => throw new InvalidOperationException("secret path"))));
        var response = await api.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"state\":\"down\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_OneDependencyHangs_IsUnavailableAfterTwoSeconds()
    {
        var asked = new TaskCompletionSource();
        await using var api = await ApiFixture.StartAsync(With(new Probe("one", async _ =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        })));
        var pending = api.GetAsync("/health/ready");
        await asked.Task;
        api.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await pending).StatusCode);
    }

    [Fact]
    public async Task Cors_NoOriginsConfigured_AllowsNone()
    {
        await using var api = await ApiFixture.StartAsync();
        var response = await PreflightAsync(api, "https://app.example.com");
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Cors_ConfiguredOrigin_AllowsItAndNoOther()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Cors:Origins:0"] = "https://app.example.com" };
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Settings = settings });
        var preflight = await PreflightAsync(api, "https://app.example.com");
        Assert.Equal("https://app.example.com", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False((await PreflightAsync(api, "https://evil.example.com")).Headers.Contains("Access-Control-Allow-Origin"));

        // Errors too must be readable for the page.
        var error = await api.GetAsync("/api/auth/me", null, ("Origin", "https://app.example.com"));
        await error.ExpectErrorAsync(ErrorCodes.Unauthorized);
        Assert.Equal("https://app.example.com", error.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task OpenApi_Document_DescribesBodiesAnswersAndFailures()
    {
        await using var api = await ApiFixture.StartAsync();
        var document = await (await api.GetAsync("/openapi/v1.json")).JsonAsync();
        var register = document.GetProperty("paths").GetProperty("/api/auth/register").GetProperty("post");

        Assert.Equal("register", register.Text("operationId"));
        var body = register.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal("#/components/schemas/RegisterRequest", body.Text("$ref"));
        var schema = document.At("components.schemas.RegisterRequest");
        Assert.Equal(["email", "password", "name"], schema.At("required").EnumerateArray().Select(static name => name.GetString()));
        Assert.Equal(320, schema.At("properties.email.maxLength").GetInt32());
        Assert.Equal(["201", "400", "409", "413", "415", "422", "429", "500", "503"], register.At("responses").EnumerateObject().Select(static p => p.Name).Order(StringComparer.Ordinal));
        var conflict = register.GetProperty("responses").GetProperty("409");
        Assert.Contains("CONFLICT", conflict.GetProperty("x-error-codes").EnumerateArray().Select(static c => c.GetString()));
        Assert.True(conflict.GetProperty("content").TryGetProperty("application/problem+json", out _));
        Assert.Contains(register.At("parameters").EnumerateArray(), static p => p.Text("name") == "Idempotency-Key");
        Assert.False(register.TryGetProperty("security", out _));
        var me = document.GetProperty("paths").GetProperty("/api/auth/me").GetProperty("get");
        Assert.True(me.At("security")[0].TryGetProperty("Bearer", out _));
    }

    [Fact]
    public async Task OpenApi_Document_HasAnOperationIdForEveryOperation()
    {
        await using var api = await ApiFixture.StartAsync();
        var document = await (await api.GetAsync("/openapi/v1.json")).JsonAsync();
        var operations = document.At("paths").EnumerateObject().SelectMany(static path => path.Value.EnumerateObject()).ToList();
        Assert.All(operations, static operation => Assert.True(operation.Value.TryGetProperty("operationId", out _), operation.Name));
        Assert.Equal(operations.Count, operations.Select(static operation => operation.Value.Text("operationId")).Distinct(StringComparer.Ordinal).Count());
    }

    private static ApiSetup With(IReadinessProbe probe) => new() { Services = services => services.AddSingleton(probe) };

    private static Task<HttpResponseMessage> PreflightAsync(ApiFixture api, string origin) => api.SendAsync(
        HttpMethod.Options, "/api/auth/login", null, null, ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type"));

    private sealed class Probe(string name, Func<CancellationToken, Task> check) : IReadinessProbe
    {
        public string Name => name;

        public Task CheckAsync(CancellationToken cancellationToken) => check(cancellationToken);
    }
}
