using System.Text;
using System.Text.Json;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Http;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Statuses, texts and content types are those of the official proof server.</summary>
public sealed class RouteTests
{
    private const string Text = "text/plain; charset=utf-8";

    private static readonly byte[] Ir = [.. Encoding.ASCII.GetBytes(WireTags.Ir), 1, 2, 3];

    [Theory]
    [InlineData("/version", "8.1.0")]
    [InlineData("/proof-versions", "[\"V2\"]")]
    public async Task Get_Text_IsTheOfficialAnswer(string path, string expected)
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        using var answer = await prover.Client.GetAsync(path);
        Assert.Equal((200, Text, expected), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    public async Task Get_Health_HasStatusAndTheTimeAsRustWritesIt(string path)
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        using var answer = await prover.Client.GetAsync(path);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.Matches(@"^\{""status"":""ok"",""timestamp"":""\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+00:00:00""\}$", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("2025-03-01T12:34:56.7890100Z", "2025-03-01 12:34:56.78901 +00:00:00")]
    [InlineData("2025-03-01T14:34:56+02:00", "2025-03-01 12:34:56.0 +00:00:00")]
    public void Timestamp_OfAMoment_HasAFractionWithoutTrailingZeros(string moment, string expected) =>
        Assert.Equal(expected, StatusEndpoints.Timestamp(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Ready_WhileTheQueueFills_CountsAndIsBusyWhenFull()
    {
        await using var prover = await ProverUnderTest.StartAsync(ScriptedProver.Endless(), ("Prover:Capacity", "1"));
        Assert.Equal("200 ok 0 0 1", await ReadyAsync(prover));
        using var gone = new CancellationTokenSource();
        var calls = new List<Task>();
        foreach (var expected in new[] { "200 ok 1 0 1", "200 ok 2 0 1", "503 busy 2 1 1" })
        {
            calls.Add(prover.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove(calls.Count)), gone.Token));
            await Wait.UntilAsync(async () => await ReadyAsync(prover) == expected);
        }

        var (status, type, text) = await prover.PostAsync("/prove", Bodies.Prove(9));
        Assert.Equal((429, Text, "Job Queue full"), (status, type, Encoding.UTF8.GetString(text)));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(calls));
        await Wait.UntilAsync(async () => await ReadyAsync(prover) == "200 ok 0 0 1");
    }

    [Fact]
    public async Task Post_BodiesThatAreRight_AreGivenToTheProverAndItsAnswerToTheClient()
    {
        var scripted = new ScriptedProver();
        await using var prover = await ProverUnderTest.StartAsync(scripted);
        foreach (var (path, body) in new[] { ("/prove", Bodies.Prove()), ("/check", Bodies.Check()), ("/prove-tx", Bodies.ProveTransaction()) })
        {
            var (status, type, content) = await prover.PostAsync(path, body);
            Assert.Equal((200, null, "the answer"), (status, type, Encoding.UTF8.GetString(content)));
        }

        var k = await prover.PostAsync("/k", Ir);
        Assert.Equal((200, null, "6"), (k.Status, k.ContentType, Encoding.UTF8.GetString(k.Content)));
        Assert.Equal(Bodies.Preimage(), Assert.IsType<ProveRequest>(scripted.Asked[0]).Preimage.ToArray());
        Assert.Equal(Bodies.Keys.Hash, ((ProveRequest)scripted.Asked[0]).Keys?.Hash);
        Assert.Equal(Bodies.Preimage(), Assert.IsType<CheckRequest>(scripted.Asked[1]).Preimage.ToArray());
        Assert.Equal(2, Assert.IsType<ProveTransactionRequest>(scripted.Asked[2]).Keys.Count);
        Assert.Equal(Ir, Assert.IsType<byte[]>(scripted.Asked[3]));
    }

    [Fact]
    public async Task Post_BodiesThatAreWrong_Are400WithTheOfficialText()
    {
        var scripted = new ScriptedProver();
        await using var prover = await ProverUnderTest.StartAsync(scripted);
        var cases = new[]
        {
            ("/prove", Bodies.Check(), "expected header tag"), ("/check", Bodies.Prove(), "expected header tag"), ("/prove-tx", [], "expected header tag"),
            ("/prove", Bodies.Prove()[..^1], "failed to fill whole buffer"), ("/prove", [.. Bodies.Prove(), 0], "Not all bytes read deserializing"),
            ("/k", Bodies.Prove(), "Unsupported ZKIR version"),
        };
        foreach (var (path, body, expected) in cases)
        {
            var (status, type, content) = await prover.PostAsync(path, body);
            Assert.Equal((400, Text), (status, type));
            Assert.StartsWith(expected, Encoding.UTF8.GetString(content), StringComparison.Ordinal);
        }

        Assert.Empty(scripted.Asked);
        Assert.Contains($"byte {Bodies.Prove().Length}: 1 bytes follow the end", prover.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProofFailureKind.BadInput, "/prove", 400, "bad input")]
    [InlineData(ProofFailureKind.BadInput, "/k", 400, "Unsupported ZKIR version")]
    [InlineData(ProofFailureKind.MissingFile, "/check", 400, "bad input: why not")]
    [InlineData(ProofFailureKind.Internal, "/prove", 500, "internal error")]
    [InlineData(ProofFailureKind.TimedOut, "/prove-tx", 500, "internal error")]
    internal async Task Post_ProverThatFails_IsTheOfficialAnswer(ProofFailureKind kind, string path, int expected, string text)
    {
        await using var prover = await ProverUnderTest.StartAsync(ScriptedProver.Failing(kind, "why not"));
        var body = path switch { "/prove" => Bodies.Prove(), "/check" => Bodies.Check(), "/k" => Ir, _ => Bodies.ProveTransaction() };
        var (status, type, content) = await prover.PostAsync(path, body);
        Assert.Equal((expected, Text, text), (status, type, Encoding.UTF8.GetString(content)));
    }

    [Fact]
    public async Task Post_ProverThatThrows_Is500AndInTheLog()
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver { Answer = static (_, _) => throw new InvalidOperationException("a defect") });
        var (status, _, content) = await prover.PostAsync("/prove", Bodies.Prove());
        Assert.Equal((500, "internal error"), (status, Encoding.UTF8.GetString(content)));
        Assert.Contains("a defect", prover.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_LongerThanAnAnswerMay_Is503AndEndsTheWork()
    {
        var ended = new TaskCompletionSource();
        await using var prover = await ProverUnderTest.StartAsync(ScriptedProver.Endless(ended: ended), ("Prover:AnswerTimeout", "00:00:01"));
        var (status, _, content) = await prover.PostAsync("/check", Bodies.Check());
        Assert.Equal(503, status);
        Assert.Contains("Prover:AnswerTimeout", Encoding.UTF8.GetString(content), StringComparison.Ordinal);
        Assert.DoesNotContain("/jobs", Encoding.UTF8.GetString(content), StringComparison.Ordinal);
        await ended.Task;
    }

    [Fact]
    public async Task Prove_ClientThatGoesAway_EndsTheWork()
    {
        var (begun, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var prover = await ProverUnderTest.StartAsync(ScriptedProver.Endless(begun, ended));
        using var gone = new CancellationTokenSource();
        var call = prover.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove()), gone.Token);
        await begun.Task;
        await gone.CancelAsync();
        await ended.Task;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData("GET", "/prove")]
    [InlineData("PUT", "/check")]
    [InlineData("POST", "/version")]
    [InlineData("HEAD", "/health")]
    [InlineData("OPTIONS", "/prove")]
    [InlineData("GET", "/nothing")]
    [InlineData("GET", "/api/auth/me")]
    [InlineData("GET", "/metrics")]
    public async Task Any_WrongMethodOrPath_Is404WithoutContent(string method, string path)
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await prover.Client.SendAsync(request);
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("26", 400, "k=26 out of range")]
    [InlineData("255", 400, "k=255 out of range")]
    [InlineData("256", 404, "Path deserialize error: can not parse \"256\" to a u8")]
    [InlineData("x", 404, "Path deserialize error: can not parse \"x\" to a u8")]
    [InlineData("-0", 404, "Path deserialize error: can not parse \"-0\" to a u8")]
    [InlineData("+-0", 404, "Path deserialize error: can not parse \"+-0\" to a u8")]
    [InlineData("+", 404, "Path deserialize error: can not parse \"+\" to a u8")]
    [InlineData("%2010", 404, "Path deserialize error: can not parse \" 10\" to a u8")]
    [InlineData("10", 200, "success")]
    [InlineData("+10", 200, "success")]
    [InlineData("00010", 200, "success")]
    [InlineData("11", 404, "bls_midnight_2p11 is not here")]
    public async Task FetchParams_EachSize_IsTheOfficialAnswer(string k, int expected, string text)
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        using var answer = await prover.Client.GetAsync($"/fetch-params/{k}");
        Assert.Equal((expected, text), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task FetchParams_SwitchedOff_Is404()
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver(), ("Prover:FetchParameters", "false"));
        using var answer = await prover.Client.GetAsync("/fetch-params/10");
        Assert.Equal((404, ""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Cors_AnyOrigin_MayCallAndReadButWithoutCookies()
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        using var asks = new HttpRequestMessage(HttpMethod.Options, "/prove");
        asks.Headers.TryAddWithoutValidation("Origin", "https://dapp.example");
        asks.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        asks.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "authorization,content-type");
        using var allowed = await prover.Client.SendAsync(asks);
        Assert.Equal((200, "https://dapp.example", "authorization,content-type", "3600"), ((int)allowed.StatusCode, Header(allowed, "Access-Control-Allow-Origin"), Header(allowed, "Access-Control-Allow-Headers"), Header(allowed, "Access-Control-Max-Age")));
        Assert.Contains("POST", Header(allowed, "Access-Control-Allow-Methods"), StringComparison.Ordinal);

        foreach (var path in new[] { "/health", "/nothing" })
        {
            using var read = new HttpRequestMessage(HttpMethod.Get, path);
            read.Headers.TryAddWithoutValidation("Origin", "https://dapp.example");
            using var answer = await prover.Client.SendAsync(read);
            Assert.Equal("https://dapp.example", Header(answer, "Access-Control-Allow-Origin"));
            Assert.Equal("Origin, Access-Control-Request-Method, Access-Control-Request-Headers", Header(answer, "Vary"));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials") || allowed.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("OPTIONS", "Origin")]
    [InlineData("OPTIONS", "Access-Control-Request-Headers")]
    [InlineData("GET", "Origin")]
    public async Task Cors_NameThatNoAnswerCanCarry_IsLeftOut(string method, string header)
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(prover.Address.Host, prover.Address.Port);
        var asked = $"{method} /version HTTP/1.1\r\nHost: localhost\r\nAccess-Control-Request-Method: POST\r\n{header}: https://d\u00e9app.example\r\nConnection: close\r\n\r\n";
        await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(asked));
        using var reader = new StreamReader(socket.GetStream());
        var answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control-Allow-Origin", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("app.example", answer, StringComparison.Ordinal);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static async Task<string> ReadyAsync(ProverUnderTest prover)
    {
        using var answer = await prover.Client.GetAsync("/ready");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var root = json.RootElement;
        return $"{(int)answer.StatusCode} {root.GetProperty("status")} {root.GetProperty("jobsProcessing")} {root.GetProperty("jobsPending")} {root.GetProperty("jobCapacity")}";
    }
}
