using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Lists;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;
using MidnightOS.Core.Storage;

namespace MidnightOS.Tests.Integration.Api;

public sealed class ErrorTests
{
    private const string Secret = "/srv/data SELECT * FROM users";

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/nothing")]
    [InlineData("/api/auth/login/more")]
    public async Task AnyMethod_UnknownPath_IsNotFound(string path)
    {
        await using var api = await ApiFixture.StartAsync();
        await (await api.GetAsync(path)).ExpectErrorAsync(ErrorCodes.NotFound);
        await (await api.PostAsync(path, new { })).ExpectErrorAsync(ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Get_PathThatTakesPost_IsMethodNotAllowedWithAllow()
    {
        await using var api = await ApiFixture.StartAsync();
        var response = await api.GetAsync("/api/auth/login");
        await response.ExpectErrorAsync(ErrorCodes.MethodNotAllowed);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Post_OtherMediaType_IsUnsupported(string? mediaType)
    {
        await using var api = await ApiFixture.StartAsync();
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = mediaType is null ? null : MediaTypeHeaderValue.Parse(mediaType);
        await (await api.PostAsync("/api/auth/login", content)).ExpectErrorAsync(ErrorCodes.UnsupportedMediaType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_BodyOverTheLimit_IsTooLarge(bool lengthIsTold)
    {
        await using var api = await ApiFixture.StartAsync();
        var bytes = Encoding.UTF8.GetBytes($$"""{"email":"{{new string('a', 64 * 1024)}}"}""");
        HttpContent content = lengthIsTold ? new ByteArrayContent(bytes) : new StreamContent(new UnknownLength(bytes));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await (await api.PostAsync("/api/auth/login", content)).ExpectErrorAsync(ErrorCodes.PayloadTooLarge);
    }

    [Fact]
    public async Task Post_TooDeep_IsInvalidRequest()
    {
        await using var api = await ApiFixture.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 40)) + "1" + new string('}', 40);
        await (await api.PostAsync("/api/auth/login", deep)).ExpectErrorAsync(ErrorCodes.InvalidRequest, "body");
    }

    [Fact]
    public async Task Post_UnknownFields_AreNamed()
    {
        await using var api = await ApiFixture.StartAsync();
        var response = await api.PostAsync("/api/auth/login", """{"email":"a@example.com","password":"no such user","colour":"blue","Password":"x"}""");
        var problem = await response.ExpectErrorAsync(ErrorCodes.InvalidRequest, "colour");
        Assert.Equal("colour is not known; the body may have email, password.", problem.Text("error.message"));
        Assert.True(problem.At("error.details").TryGetProperty("Password", out _));
    }

    [Fact]
    public async Task Post_ManyUnknownFields_AreNamedInPart()
    {
        await using var api = await ApiFixture.StartAsync();
        var many = string.Concat(Enumerable.Range(0, 3000).Select(static i => $",\"{i}{new string('x', i == 0 ? 5000 : 5)}\":1"));
        var problem = await (await api.PostAsync("/api/auth/login", $$"""{"email":"a@example.com","password":"no such user"{{many}}}""")).ExpectErrorAsync(ErrorCodes.InvalidRequest);
        var names = problem.At("error.details").EnumerateObject().Select(static p => p.Name).ToList();
        Assert.Equal(20, names.Count);
        Assert.All(names, static name => Assert.True(name.Length <= 101, name));
    }

    public static TheoryData<string, string> Outages => new()
    {
        { "chain", "UPSTREAM_UNAVAILABLE" },
        { "ledger", "UPSTREAM_UNAVAILABLE" },
        { "vault", "UPSTREAM_UNAVAILABLE" },
        { "storage", "UPSTREAM_UNAVAILABLE" },
        { "issuer", "UPSTREAM_UNAVAILABLE" },
        { "bug", "INTERNAL_ERROR" },
        { "continuation", "INVALID_REQUEST" },
        { "timeout", "INTERNAL_ERROR" },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Get_EndpointThrows_TellsTheCodeAndNothingElse(string kind, string code)
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Routes = routes => MapThrowing(routes, kind) });
        var response = await api.GetAsync("/throws");
        var problem = await response.ExpectErrorAsync(ErrorCodes.All.Single(known => known.Name == code));
        Assert.DoesNotContain("SELECT", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(response.Headers.Contains("X-RateLimit-Limit"));
        Assert.Equal(code == "UPSTREAM_UNAVAILABLE", response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task Get_AnswerHasBegunWhenItThrows_BreaksTheConnection()
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup
        {
            Routes = static routes => routes.MapGet("/half", static async (HttpContext context) =>
            {
                await context.Response.WriteAsync("half");
                await context.Response.Body.FlushAsync();
                throw new InvalidOperationException(Secret);
            }).AllowAnonymous().Limited(RateLimit.Reads),
        });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => api.GetAsync("/half"));
    }

    [Fact]
    public async Task EveryErrorCode_FromAnEndpoint_KeepsStatusCodeAndDetails()
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Routes = MapFailing });
        foreach (var code in ErrorCodes.All)
        {
            var problem = await (await api.GetAsync($"/fails/{code.Name}")).ExpectErrorAsync(code, "field");
            Assert.Equal("What happened.", problem.Text("detail"));
        }
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=ten", "limit")]
    [InlineData("?limit=-1", "limit")]
    [InlineData("?cursor=", "cursor")]
    [InlineData("?cursor=***", "cursor")]
    [InlineData("?only=perhaps", "only")]
    public async Task List_WrongParameter_IsInvalidRequestThatNamesIt(string query, string field)
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Routes = MapList });
        await (await api.GetAsync($"/list{query}")).ExpectErrorAsync(ErrorCodes.InvalidRequest, field);
    }

    [Fact]
    public async Task List_PageByPage_GivesLimitAndCursor()
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Routes = MapList });
        var first = await (await api.GetAsync("/list")).JsonAsync();
        Assert.Equal(20, first.At("pagination.limit").GetInt32());
        var second = await (await api.GetAsync($"/list?limit=3&only=true&cursor={first.Text("pagination.nextCursor")}")).JsonAsync();
        Assert.Equal(["next/1+ä", "True"], second.At("data").EnumerateArray().Select(static item => item.GetString()));
        Assert.Equal(3, second.At("pagination.limit").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.At("pagination.nextCursor").ValueKind);
    }

    [Fact]
    public async Task EveryAnswer_OfTheApi_HasSecurityHeadersAndIsNotStored()
    {
        await using var api = await ApiFixture.StartAsync();
        foreach (var path in new[] { "/health", "/api/auth/me", "/nothing" })
        {
            var response = await api.GetAsync(path);
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        }
    }

    private static void MapThrowing(IEndpointRouteBuilder routes, string kind) =>
        routes.MapGet("/throws", string () => throw kind switch
        {
            "chain" => new ChainUnavailableException(Secret),
            "ledger" => new LedgerUnavailableException(Secret),
            "vault" => new VaultException(Secret),
            "storage" => new StorageUnavailableException(Secret),
            "issuer" => new IssuerUnavailableException(Secret),
            "continuation" => new InvalidContinuationException(),
            "timeout" => new OperationCanceledException(Secret),
            _ => new InvalidOperationException(Secret),
        }).AllowAnonymous().Limited(RateLimit.Reads);

    private static void MapFailing(IEndpointRouteBuilder routes) =>
        routes.MapGet("/fails/{code}", static (string code) => new Error(
            ErrorCodes.All.Single(known => known.Name == code), "What happened.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["field"] = "is wrong" }).ToHttp()).AllowAnonymous().Limited(RateLimit.Reads);

    private static void MapList(IEndpointRouteBuilder routes) =>
        routes.MapGroup("").AddEndpointFilter<RouteGroupBuilder, RequestPartFilter>().MapGet("/list", static (PageRequest page, QueryFlag only) =>
            Results.Ok(PageResponse<string>.Of(
                page.Continuation is null ? [] : [page.Continuation, only.IsSet.ToString()], page, page.Continuation is null ? "next/1+ä" : null)))
            .AllowAnonymous().Limited(RateLimit.Reads);

    /// <summary>A stream that does not tell its length, so that the body goes in chunks.</summary>
    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
