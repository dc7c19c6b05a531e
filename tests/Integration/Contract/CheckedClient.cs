using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>A client of a signed-in user that holds every answer against the platform's own OpenAPI document.</summary>
internal sealed class CheckedClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ApiSchema _schema;
    private readonly HashSet<string> _succeeded = new(StringComparer.Ordinal);

    private CheckedClient(PlatformClient user, Uri address, ApiSchema schema)
    {
        (User, _schema) = (user, schema);
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
        _http.DefaultRequestHeaders.Authorization = user.Http.DefaultRequestHeaders.Authorization;
    }

    public PlatformClient User { get; }

    /// <summary>The operations that have answered with success.</summary>
    public IReadOnlySet<string> Succeeded => _succeeded;

    public static async Task<CheckedClient> SignUpAsync(Uri address)
    {
        var user = await PlatformClient.SignUpAsync(address);
        return new CheckedClient(user, address, await DocumentAsync(user.Http));
    }

    public static async Task<ApiSchema> DocumentAsync(HttpClient http)
    {
        using var document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json"));
        return new ApiSchema(document.RootElement.Clone());
    }

    public void SignInAs(string token) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path, null);

    public Task<Answer> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, headers);

    /// <summary>Sends a request; a body that is a string is sent as it is.</summary>
    public async Task<Answer> SendAsync(string method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body switch
        {
            null => null,
            string json => new StringContent(json, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        var answer = await Answer.ReadAsync(response);
        Check(method, path.Split('?')[0], answer);
        return answer;
    }

    public void Dispose()
    {
        _http.Dispose();
        User.Dispose();
    }

    private void Check(string method, string path, Answer answer)
    {
        var found = _schema.Find(method, path);
        Assert.True(found is not null, $"{method} {path} is not in the document.");
        var (name, operation) = found.Value;
        var status = ((int)answer.Status).ToString(CultureInfo.InvariantCulture);
        Assert.True(operation.GetProperty("responses").TryGetProperty(status, out var documented), $"{name} answered {status}, which the document does not have: {answer.Text}");
        var schema = SchemaOf(documented, answer.MediaType);
        Assert.True(schema is not null || answer.Text.Length == 0, $"{name} answered {status} as {answer.MediaType}, which the document does not have.");
        if (schema is { } known && answer.MediaType.EndsWith("json", StringComparison.Ordinal))
        {
            Assert.Equal([], _schema.Differences(answer.Json, known).Concat(ValueRules.Breaches(answer.Json)).Select(problem => $"{name} {status} {problem}"));
        }

        if ((int)answer.Status >= 400 && documented.TryGetProperty("x-error-codes", out var codes))
        {
            Assert.Contains(answer.Code, codes.EnumerateArray().Select(static code => code.GetString()));
        }
        else
        {
            _succeeded.Add(name);
        }
    }

    private static JsonElement? SchemaOf(JsonElement response, string mediaType) =>
        response.TryGetProperty("content", out var content) && content.TryGetProperty(mediaType, out var media) ? media.GetProperty("schema") : null;
}

/// <summary>An answer that was read.</summary>
internal sealed record Answer(HttpStatusCode Status, string MediaType, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The code of an error.</summary>
    public string Code => Json.GetProperty("error").GetProperty("code").GetString()!;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync(), headers);
    }

    /// <summary>Asserts the status.</summary>
    public Answer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{(int)Status} instead of {(int)status}: {Text}");
        return this;
    }

    /// <summary>Asserts that it is an error of this code, and that its details name the field.</summary>
    public Answer IsError(string code, string? field = null)
    {
        Assert.True((int)Status >= 400, $"{(int)Status} instead of {code}: {Text}");
        Assert.True(code == Code, Text);
        Assert.True(field is null || Json.GetProperty("error").GetProperty("details").TryGetProperty(field, out _), $"{field} is not named: {Text}");
        return this;
    }

    /// <summary>The text at a path such as <c>bot.id</c>.</summary>
    public string At(string path) => path.Split('.').Aggregate(Json, static (at, name) => at.GetProperty(name)).GetString()!;
}
