using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MidnightOS.Tests.Soak.Load;

/// <summary>A client that does not give up: a request is sent again, with its key, until there is a final answer.</summary>
/// <remarks>A connection that died, a 5xx and an answer that says to come back later are none: nobody knows yet what became of the request.</remarks>
internal sealed class TenantSession(Uri address, Findings findings) : IDisposable
{
    private const string Password = "journeys end in lovers meeting";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(45),
    };

    private readonly SemaphoreSlim _login = new(1);
    private string? _token;

    public string Email { get; } = $"{Guid.NewGuid():n}@example.com";

    public string Tenant { get; private set; } = "";

    public async Task SignUpAsync(CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Post, "/api/auth/register", new { email = Email, password = Password, name = "Ann" }, Email, cancellationToken);
        Take(answer, "registered");
    }

    public Task<Answer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, body: null, key: null, cancellationToken);

    public Task<Answer> PostAsync(string path, object? body, string? key, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, key, cancellationToken);

    /// <summary>Sends a request until it has a final answer.</summary>
    public Task<Answer> SendAsync(HttpMethod method, string path, object? body, string? key, CancellationToken cancellationToken) =>
        SendAsync(method, path, body, key, signedIn: _token is not null, cancellationToken);

    public void Dispose()
    {
        _http.Dispose();
        _login.Dispose();
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path, object? body, string? key, bool signedIn, CancellationToken cancellationToken)
    {
        findings.Count("requests");
        var ambiguous = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            findings.Count("attempts");
            try
            {
                var token = signedIn ? _token : null;
                using var response = await AttemptAsync(method, path, body, key, token, cancellationToken);
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                if ((int)response.StatusCode == 401 && token is not null)
                {
                    await LoginAsync(token, cancellationToken);
                    continue;
                }

                if (IsFinal(response, text))
                {
                    findings.Count(ambiguous ? "answers after a lost connection" : "answers");
                    return new Answer((int)response.StatusCode, text);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                var refused = exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
                ambiguous |= !refused;
                findings.Count(refused ? "connections refused" : exception is OperationCanceledException ? "attempts timed out" : "connections lost");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(HttpMethod method, string path, object? body, string? key, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _http.SendAsync(request, cancellationToken);
    }

    private bool IsFinal(HttpResponseMessage response, string text)
    {
        var status = (int)response.StatusCode;
        if (status < 500)
        {
            return status != 429 && response.Headers.RetryAfter is null;
        }

        var code = CodeOf(text);
        findings.Count($"answers {status} {code}");
        if (code != "UPSTREAM_UNAVAILABLE")
        {
            findings.Violated($"An outage was answered with {status} {text}");
        }

        return false;
    }

    private static string CodeOf(string text)
    {
        try
        {
            return (string?)JsonNode.Parse(text)?["error"]?["code"] ?? "?";
        }
        catch (JsonException)
        {
            return "?";
        }
    }

    // An access token lives for minutes; one that a jump of the clock ended is no failure either.
    private async Task LoginAsync(string refused, CancellationToken cancellationToken)
    {
        await _login.WaitAsync(cancellationToken);
        try
        {
            if (_token == refused)
            {
                findings.Count("logins");
                Take(await SendAsync(HttpMethod.Post, "/api/auth/login", new { email = Email, password = Password }, key: null, signedIn: false, cancellationToken), "logged in");
            }
        }
        finally
        {
            _login.Release();
        }
    }

    private void Take(Answer answer, string what)
    {
        if (!answer.IsSuccess)
        {
            findings.Violated($"A user could not be {what}: {answer.Status} {answer.Code}.");
            throw new SoakLoadException($"not {what}");
        }

        _token = (string)answer.Body["token"]!;
        Tenant = (string)answer.Body["tenant"]!["id"]!;
    }
}

/// <summary>One piece of the load cannot go on; what is wrong has been told.</summary>
internal sealed class SoakLoadException(string message) : Exception(message);
