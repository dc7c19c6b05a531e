using System.Net;
using System.Text;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Integration.Api;
using MidnightOS.Tests.Integration.Support;

namespace MidnightOS.Tests.Integration.Attacks;

/// <summary>Requests that no honest client sends: every one gets a clean refusal, and the host goes on.</summary>
public sealed class RequestAttackTests
{
    private const string Login = "{\"email\":\"a@example.com\",\"password\":\"0123456789\"}";

    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4")]
    [InlineData("Content-Length: 4\r\nContent-Length: 400")]
    [InlineData("Content-Length: -1")]
    [InlineData("Content-Length: 99999999999999999999")]
    [InlineData("Content-Length: 0x10")]
    [InlineData("Transfer-Encoding: gzip, chunked")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Transfer-Encoding : chunked")]
    [InlineData("Transfer-Encoding:\u000bchunked")]
    [InlineData(" folded: header")]
    public async Task Login_AmbiguousLength_AnswersAtMostOneRequest(string headers)
    {
        await using var api = await ApiFixture.StartAsync();
        const string Smuggled = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n";
        var (status, text) = await RawHttp.SendAsync(
            api.Client.BaseAddress!, $"POST /api/auth/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}\r\n\r\n0\r\n\r\n{Smuggled}");

        Assert.True(status is 400 or 411 or 413 or 501, text);
        Assert.DoesNotContain("\"keys\"", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/health")).StatusCode);
    }

    [Theory]
    [InlineData("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /health\r\n\r\n")]
    [InlineData("GET  /health HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /hea\u0001lth HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /health HTTP/9.9\r\nHost: a\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: a\r\nX: \u0000\r\nConnection: close\r\n\r\n")]
    public async Task Any_MalformedRequest_IsRefused(string request)
    {
        await using var api = await ApiFixture.StartAsync();
        var (status, text) = await RawHttp.SendAsync(api.Client.BaseAddress!, request);
        Assert.True(status is 400 or 404 or 505, text);
    }

    [Theory]
    [InlineData("{\"email\":\"a@example.com\",\"password\":\"0123456789\"")]
    [InlineData("{\"email\":\"a@example.com\",\"password\":\"0123456789\"}}")]
    [InlineData("{\"email\":\"a@example.com\",\"email\":\"b@example.com\",\"password\":\"0123456789\"}")]
    [InlineData("{\"email\":\"a@example.com\",\"\\u0065mail\":\"b@example.com\",\"password\":\"0123456789\"}")]
    [InlineData("{\"email\":[\"a@example.com\"],\"password\":\"0123456789\"}")]
    [InlineData("{\"email\":{\"$ne\":null},\"password\":{\"$gt\":\"\"}}")]
    [InlineData("{\"email\":true,\"password\":1e999}")]
    [InlineData("{\"EMAIL\":\"a@example.com\",\"PASSWORD\":\"0123456789\"}")]
    [InlineData("{\"email\":\"a@example.com\",\"password\":\"\\ud800 0123456789\"}")]
    [InlineData("{\"email\":\"a@example.com\" /* c */,\"password\":\"0123456789\"}")]
    [InlineData("{\"email\":\"a@example.com\",\"password\":\"0123456789\",}")]
    [InlineData("{\"__proto__\":{\"email\":\"a@example.com\"},\"password\":\"0123456789\"}")]
    [InlineData("[{\"email\":\"a@example.com\",\"password\":\"0123456789\"}]")]
    [InlineData("\"text\"")]
    [InlineData("NaN")]
    [InlineData("")]
    public async Task Login_JsonTrick_IsInvalidRequest(string body)
    {
        await using var api = await ApiFixture.StartAsync();
        await (await api.PostAsync("/api/auth/login", body)).ExpectErrorAsync(ErrorCodes.InvalidRequest);
    }

    [Fact]
    public async Task Login_DeepBody_IsInvalidRequest()
    {
        await using var api = await ApiFixture.StartAsync();
        foreach (var deep in new[] { new string('[', 30_000), string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), $"{{\"email\":{new string('[', 40)}{new string(']', 40)}}}" })
        {
            await (await api.PostAsync("/api/auth/login", deep)).ExpectErrorAsync(ErrorCodes.InvalidRequest);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Login_BodyAboveTheLimit_IsTooLarge(bool chunked)
    {
        await using var api = await ApiFixture.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Login + new string(' ', 70_000)));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        (string, string)[] headers = chunked ? [("Transfer-Encoding", "chunked")] : [];
        await (await api.PostAsync("/api/auth/login", content, null, headers)).ExpectErrorAsync(ErrorCodes.PayloadTooLarge);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/jsonp")]
    public async Task Login_TypeThatAPageMaySendUnasked_IsUnsupported(string type)
    {
        await using var api = await ApiFixture.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Login));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        await (await api.PostAsync("/api/auth/login", content)).ExpectErrorAsync(ErrorCodes.UnsupportedMediaType);
    }

    [Fact]
    public async Task AnyRoute_FromAForeignOrigin_IsNotSharedWithIt()
    {
        await using var api = await ApiFixture.StartAsync();
        foreach (var origin in new[] { "https://evil.example", "null", "http://127.0.0.1:7071", "http://localhost" })
        {
            var simple = await api.PostAsync("/api/auth/login", Login, null, ("Origin", origin));
            var preflight = await api.SendAsync(
                HttpMethod.Options, "/api/bots", null, null, ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization"));
            Assert.DoesNotContain(simple.Headers.Concat(preflight.Headers), static header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task AnyRoute_MethodOverride_IsNotFollowed()
    {
        await using var api = await ApiFixture.StartAsync();
        var alice = await api.RegisterAsync();
        (string, string)[] overrides = [("X-HTTP-Method-Override", "POST"), ("X-HTTP-Method", "POST"), ("X-Original-URL", "/api/auth/logout"), ("X-Rewrite-URL", "/api/auth/logout")];
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me?_method=POST", alice.Token, overrides)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", alice.Token)).StatusCode);
    }

    [Fact]
    public async Task Body_SentTooSlowly_HoldsNoThread()
    {
        await using var api = await ApiFixture.StartAsync();
        var slow = Enumerable.Range(0, 200).Select(_ => SlowAsync(api.Client.BaseAddress!)).ToList();
        var open = await Task.WhenAll(slow);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/health")).StatusCode);
        await (await api.PostAsync("/api/auth/login", Login)).ExpectErrorAsync(ErrorCodes.Unauthorized);
        Array.ForEach(open, static client => client.Dispose());
    }

    private static async Task<System.Net.Sockets.TcpClient> SlowAsync(Uri address)
    {
        var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync("POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"u8.ToArray());
        return client;
    }
}
