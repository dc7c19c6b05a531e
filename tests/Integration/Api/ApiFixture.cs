using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Api;
using MidnightOS.Core;
using MidnightOS.Core.Custody;
using MidnightOS.Custody;
using MidnightOS.Custody.Tokens;
using MidnightOS.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Api;

/// <summary>The API on Kestrel at a free port, over SQLite in a temporary folder, with a clock that tests move.</summary>
internal sealed class ApiFixture : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder? _ownFolder;

    private ApiFixture(WebApplication app, TemporaryFolder? ownFolder, ManualTimeProvider clock)
    {
        (_app, _ownFolder, Clock) = (app, ownFolder, clock);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; private set; }

    public ManualTimeProvider Clock { get; }

    public IServiceProvider Services => _app.Services;

    internal TokenSigningKeys SigningKeys => Services.GetRequiredService<TokenSigningKeys>();

    /// <summary>Starts a host.</summary>
    /// <param name="setup">What differs from the default.</param>
    public static async Task<ApiFixture> StartAsync(ApiSetup? setup = null)
    {
        setup ??= new ApiSetup();
        var ownFolder = setup.Folder is null ? new TemporaryFolder() : null;
        var clock = setup.Clock ?? new ManualTimeProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var settings = new Dictionary<string, string?>(setup.Settings, StringComparer.Ordinal) { ["Data:Folder"] = setup.Folder ?? ownFolder!.Path };
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddCore().AddStorage(builder.Configuration).AddCustody(builder.Configuration).AddApi(builder.Configuration);

        // The strength of stored passwords has a test of its own; here it would only cost minutes.
        builder.Services.PostConfigure<PasswordHasherOptions>(static options => options.IterationCount = 1000);
        setup.Services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseApi();
        app.MapApi();
        setup.Routes?.Invoke(app);
        await app.StartAsync();
        return new ApiFixture(app, ownFolder, clock);
    }

    /// <summary>Lets the requests of this fixture go elsewhere.</summary>
    public void Use(HttpClient client)
    {
        Client.Dispose();
        Client = client;
    }

    /// <summary>Registers somebody; each name is a tenant of its own.</summary>
    public async Task<Account> RegisterAsync(string name = "alice", string password = "a long quiet evening")
    {
        var response = await Client.PostAsJsonAsync("/api/auth/register", new { email = $"{name}@example.com", password, name });
        response.EnsureSuccessStatusCode();
        return Account.From(await response.JsonAsync(), password);
    }

    /// <summary>Sends a request, with a token and headers if there are any.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            HttpContent content => content,
            _ => JsonContent.Create(body),
        };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null, string? token = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, token, headers);

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, token, headers);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _ownFolder?.Dispose();
    }
}

/// <summary>What a host of a test has that others have not.</summary>
internal sealed record ApiSetup
{
    /// <summary>The limits are out of the way unless a test is about them.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["RateLimits:Register:PerMinute"] = "1000",
        ["RateLimits:Login:PerMinute"] = "1000",
        ["RateLimits:Refresh:PerMinute"] = "1000",
    };

    /// <summary>A data folder that hosts share; null = one of its own.</summary>
    public string? Folder { get; init; }

    public ManualTimeProvider? Clock { get; init; }

    public Action<IServiceCollection>? Services { get; init; }

    public Action<IEndpointRouteBuilder>? Routes { get; init; }
}

/// <summary>A registered user as a client knows them.</summary>
internal sealed record Account(string Token, string RefreshToken, string UserId, string Email, string TenantId, string Password)
{
    public static Account From(JsonElement session, string password) => new(
        session.Text("token"), session.Text("refreshToken"), session.Text("user.id"), session.Text("user.email"), session.Text("tenant.id"), password);
}

internal static class ApiAnswers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    /// <summary>The text at a path such as <c>error.code</c>.</summary>
    public static string Text(this JsonElement element, string path) => element.At(path).GetString()!;

    public static JsonElement At(this JsonElement element, string path) =>
        path.Split('.').Aggregate(element, static (at, name) => at.GetProperty(name));

    /// <summary>Asserts that the answer is this error in the form of the contract, and gives its details.</summary>
    public static async Task<JsonElement> ExpectErrorAsync(this HttpResponseMessage response, MidnightOS.Core.Results.ErrorCode code, string? field = null)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(code.Status == (int)response.StatusCode, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code.Name, problem.Text("error.code"));
        Assert.Equal(code.Title, problem.Text("title"));
        Assert.Equal(code.Status, problem.At("status").GetInt32());
        Assert.Equal(problem.Text("detail"), problem.Text("error.message"));
        Assert.NotEmpty(problem.Text("traceId"));
        Assert.StartsWith("urn:", problem.Text("type"), StringComparison.Ordinal);
        if (field is not null)
        {
            Assert.True(problem.At("error.details").TryGetProperty(field, out _), text);
        }

        return problem;
    }
}
