using System.Net.Sockets;
using System.Text;
using MidnightOS.Tests.Integration.Api;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>What is no whole HTTP request: the web server refuses it itself, without a body, and closes. No code of the platform has run, so that its errors cannot be there.</summary>
public sealed class MalformedHttpTests
{
    private const string Login = "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

    // Each line: the request and the status that the server gives it.
    private static readonly (string Request, int Status)[] Refused =
    [
        ("GET /health\r\n\r\n", 400), ("GET  /health HTTP/1.1\r\nHost: a\r\n\r\n", 400), (" GET /health HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /health HTTP/9.9\r\nHost: a\r\n\r\n", 505), ("GET /health HTTP/1.1 x\r\nHost: a\r\n\r\n", 400),
        ("GET health HTTP/1.1\r\nHost: a\r\n\r\n", 405), ("G\u0001T /health HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("\u0000\u0001\u0002\u0003\r\n\r\n", 400), ("\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\n\r\n", 400), ("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400), ("GET /health HTTP/1.1\r\nHost: a b\r\n\r\n", 400), ("GET /health HTTP/1.1\r\nHost: a:b:c\r\n\r\n", 400), ("GET /health HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        ("GET http://other/health HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 405), ("GET /health HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", 400), ("GET /health HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400), ("GET /health HTTP/1.1\r\nHost: a\r\nA: \u0000\r\n\r\n", 400), ("GET /health HTTP/1.1\r\nHost: a\r\nA: b\r\n folded\r\n\r\n", 400),
        ($"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: a\r\n\r\n", 414), ($"GET /health HTTP/1.1\r\nHost: a\r\nA: {new string('a', 40_000)}\r\n\r\n", 431),
        ($"GET /health HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 101).Select(static i => $"A{i}: b\r\n"))}\r\n", 431),
        (Login + "Content-Length: -1\r\n\r\n{}", 400), (Login + "Content-Length: 0x2\r\n\r\n{}", 400), (Login + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", 400), (Login + "Content-Length: 99999999999999999999\r\n\r\n{}", 400),
        (Login + "Transfer-Encoding: gzip\r\n\r\n{}", 400), (Login + "Transfer-Encoding: chunked, chunked, gzip\r\n\r\n{}", 400), ("POST /api/auth/login HTTP/1.0\r\nHost: a\r\n\r\n{}", 400),
    ];

    [Fact]
    public async Task Server_WhatIsNoRequest_IsRefusedWithoutABodyAndTheConnectionCloses()
    {
        await using var api = await ApiFixture.StartAsync();
        var wrong = new List<string>();
        foreach (var (request, status) in Refused)
        {
            using var connection = new RawConnection(api.Client.BaseAddress!);
            var answer = await connection.SendAsync(Encoding.Latin1.GetBytes(request));
            if (answer.Status != status || answer.Body.Length > 0 || answer.Header("Connection") != "close")
            {
                wrong.Add($"{request[..Math.Min(60, request.Length)]} gave {answer.Status} {answer.Header("Connection")} {answer.Body}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await api.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Body_ThatStops_IsInvalidRequestAndHoldsNobodyUp()
    {
        await using var api = await ApiFixture.StartAsync();
        using var stalled = new TcpClient();
        await stalled.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
        await stalled.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Login + "Content-Length: 100\r\n\r\n{\"email\":"));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await api.GetAsync("/health")).StatusCode);

        // The server gives up on a body that does not come; the answer says so in the contract's words.
        using var reader = new StreamReader(stalled.GetStream());
        var text = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 400 ", text, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"INVALID_REQUEST\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_InManyPieces_IsReadAsOne()
    {
        await using var api = await ApiFixture.StartAsync();
        const string Body = "{\"email\":\"a@example.com\",\"password\":\"0123456789\"}";
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
        foreach (var piece in $"{Login}Connection: close\r\nContent-Length: {Body.Length}\r\n\r\n{Body}")
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes([piece]));
        }

        using var reader = new StreamReader(client.GetStream());
        Assert.Contains("UNAUTHORIZED", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
