using System.Net;
using System.Text.Json;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Integration.Api;

public sealed class AuthTests
{
    private const string Password = "a long quiet evening";

    [Fact]
    public async Task Register_NewEmail_GivesSessionOfOwner()
    {
        await using var api = await ApiFixture.StartAsync();
        var response = await api.PostAsync("/api/auth/register", new { email = " Alice@Example.COM ", password = Password, name = "Alice" });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var session = await response.JsonAsync();
        Assert.Equal("alice@example.com", session.Text("user.email"));
        Assert.Equal("owner", session.Text("user.role"));
        Assert.StartsWith("usr_", session.Text("user.id"), StringComparison.Ordinal);
        Assert.StartsWith("ten_", session.Text("tenant.id"), StringComparison.Ordinal);
        Assert.Equal(900, session.At("expiresIn").GetInt32());
        Assert.Equal(["token", "refreshToken", "expiresIn", "user", "tenant"], session.EnumerateObject().Select(static p => p.Name));
    }

    [Fact]
    public async Task Register_SameEmailInOtherCase_IsConflict()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("alice");
        var response = await api.PostAsync("/api/auth/register", new { email = "ALICE@example.com", password = Password, name = "Other" });
        await response.ExpectErrorAsync(ErrorCodes.Conflict, "email");
    }

    [Theory]
    [InlineData("""{"password":"a long quiet evening","name":"A"}""", "email")]
    [InlineData("""{"email":null,"password":"a long quiet evening","name":"A"}""", "email")]
    [InlineData("""{"email":5,"password":"a long quiet evening","name":"A"}""", "email")]
    [InlineData("""{"email":"","password":"a long quiet evening","name":"A"}""", "email")]
    [InlineData("""{"email":"no-address","password":"a long quiet evening","name":"A"}""", "email")]
    [InlineData("""{"email":"a@b.example","email":"c@d.example","password":"a long quiet evening","name":"A"}""", "email")]
    [InlineData("""{"email":"a@b.example","password":"short","name":"A"}""", "password")]
    [InlineData("""{"email":"a@b.example","password":"password1234","name":"A"}""", "password")]
    [InlineData("""{"email":"a@b.example","password":["a long quiet evening"],"name":"A"}""", "password")]
    [InlineData("""{"email":"a@b.example","password":"a long quiet evening","name":"   "}""", "name")]
    [InlineData("""{"email":"a@b.example","password":"a long quiet evening","name":"a\u0000b"}""", "name")]
    [InlineData("""{"email":"a@b.example","password":"a long quiet evening","name":"a\ud800b"}""", "name")]
    [InlineData("""{"email":"a@b.example","password":"a long quiet evening","name":{}}""", "name")]
    [InlineData("""["email"]""", "body")]
    [InlineData("null", "body")]
    [InlineData("""{"email":""", "body")]
    [InlineData("", "body")]
    public async Task Register_WrongField_IsInvalidRequestThatNamesIt(string body, string field)
    {
        await using var api = await ApiFixture.StartAsync();
        var response = await api.PostAsync("/api/auth/register", body);
        await response.ExpectErrorAsync(ErrorCodes.InvalidRequest, field);
    }

    [Fact]
    public async Task Register_SeveralWrongFields_NamesAll()
    {
        await using var api = await ApiFixture.StartAsync();
        var response = await api.PostAsync("/api/auth/register", new { name = new string('n', 101), email = "", password = Password });
        var problem = await response.ExpectErrorAsync(ErrorCodes.InvalidRequest, "name");
        Assert.True(problem.At("error.details").TryGetProperty("email", out _));
    }

    [Fact]
    public async Task Register_SameKeyAgain_GivesAnotherSessionOfTheSameUser()
    {
        await using var api = await ApiFixture.StartAsync();
        var body = new { email = "alice@example.com", password = Password, name = "Alice" };
        var first = await (await api.PostAsync("/api/auth/register", body, null, ("Idempotency-Key", "k-1"))).JsonAsync();
        var second = await api.PostAsync("/api/auth/register", body, null, ("Idempotency-Key", "k-1"));

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        var session = await second.JsonAsync();
        Assert.Equal(first.Text("user.id"), session.Text("user.id"));
        Assert.Equal(first.Text("tenant.id"), session.Text("tenant.id"));
        Assert.NotEqual(first.Text("refreshToken"), session.Text("refreshToken"));
    }

    [Fact]
    public async Task Register_SameKeyOtherPassword_IsMismatch()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.PostAsync("/api/auth/register", new { email = "alice@example.com", password = Password, name = "Alice" }, null, ("Idempotency-Key", "k-1"));
        var response = await api.PostAsync(
            "/api/auth/register", new { email = "alice@example.com", password = "another quiet evening", name = "Alice" }, null, ("Idempotency-Key", "k-1"));
        await response.ExpectErrorAsync(ErrorCodes.IdempotencyMismatch);
    }

    [Fact]
    public async Task Register_SameKeyAtOnce_MakesOneUser()
    {
        await using var api = await ApiFixture.StartAsync();
        var body = new { email = "alice@example.com", password = Password, name = "Alice" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.PostAsync("/api/auth/register", body, null, ("Idempotency-Key", "k-1"))));

        var users = await Task.WhenAll(answers.Select(async answer => (await answer.JsonAsync()).Text("user.id")));
        Assert.Single(users.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Register_WithoutKeyAtOnce_MakesOneUser()
    {
        await using var api = await ApiFixture.StartAsync();
        var body = new { email = "alice@example.com", password = Password, name = "Alice" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.PostAsync("/api/auth/register", body)));

        Assert.Single(answers, static answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(static answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Login_RightPassword_GivesSession()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync("alice");
        var response = await api.PostAsync("/api/auth/login", new { email = "Alice@example.com", password = Password });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var session = await response.JsonAsync();
        Assert.Equal(account.UserId, session.Text("user.id"));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", session.Text("token"))).StatusCode);
    }

    [Fact]
    public async Task Login_WrongEmailOrWrongPassword_AnswersAlike()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync("alice");
        var wrongPassword = await api.PostAsync("/api/auth/login", new { email = "alice@example.com", password = "not the password" });
        var wrongEmail = await api.PostAsync("/api/auth/login", new { email = "nobody@example.com", password = "not the password" });
        var noEmail = await api.PostAsync("/api/auth/login", new { email = "no address at all", password = "not the password" });

        var expected = Without(await wrongPassword.ExpectErrorAsync(ErrorCodes.Unauthorized), "traceId");
        Assert.Equal(expected, Without(await wrongEmail.ExpectErrorAsync(ErrorCodes.Unauthorized), "traceId"));
        Assert.Equal(expected, Without(await noEmail.ExpectErrorAsync(ErrorCodes.Unauthorized), "traceId"));
        Assert.Equal("Bearer", wrongEmail.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Me_SignedIn_GivesUserTenantAndPermissions()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync("alice");
        var me = await (await api.GetAsync("/api/auth/me", account.Token)).JsonAsync();

        Assert.Equal(account.UserId, me.Text("user.id"));
        Assert.Equal(account.TenantId, me.Text("tenant.id"));
        Assert.Contains(me.At("permissions").EnumerateArray(), static p => p.GetString() == "wallets:export");
        Assert.DoesNotContain("assword", me.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_CurrentToken_RotatesAndKeepsSession()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync();
        api.Clock.Advance(TimeSpan.FromHours(1));
        var response = await api.PostAsync("/api/auth/refresh", new { refreshToken = account.RefreshToken });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var session = await response.JsonAsync();
        Assert.NotEqual(account.RefreshToken, session.Text("refreshToken"));
        Assert.Equal(account.UserId, session.Text("user.id"));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", session.Text("token"))).StatusCode);
    }

    [Fact]
    public async Task Refresh_UsedTokenAgain_EndsTheWholeSession()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync();
        var next = await (await api.PostAsync("/api/auth/refresh", new { refreshToken = account.RefreshToken })).JsonAsync();

        var again = await api.PostAsync("/api/auth/refresh", new { refreshToken = account.RefreshToken });
        await again.ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.PostAsync("/api/auth/refresh", new { refreshToken = next.Text("refreshToken") })).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.GetAsync("/api/auth/me", next.Text("token"))).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.GetAsync("/api/auth/me", account.Token)).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task Refresh_SameTokenAtOnce_LeavesNoTwoSessions()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.PostAsync("/api/auth/refresh", new { refreshToken = account.RefreshToken })));

        var winners = answers.Where(static answer => answer.StatusCode == HttpStatusCode.OK).ToList();
        Assert.True(winners.Count <= 1, $"{winners.Count} refreshed");
        await (await api.GetAsync("/api/auth/me", account.Token)).ExpectErrorAsync(ErrorCodes.Unauthorized);
        foreach (var winner in winners)
        {
            var token = (await winner.JsonAsync()).Text("refreshToken");
            await (await api.PostAsync("/api/auth/refresh", new { refreshToken = token })).ExpectErrorAsync(ErrorCodes.Unauthorized);
        }
    }

    [Fact]
    public async Task Refresh_UnknownToken_IsUnauthorized()
    {
        await using var api = await ApiFixture.StartAsync();
        await (await api.PostAsync("/api/auth/refresh", new { refreshToken = "none" })).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task Refresh_AfterTheSessionsLife_IsUnauthorized()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync();
        api.Clock.Advance(TimeSpan.FromDays(29));
        var session = await (await api.PostAsync("/api/auth/refresh", new { refreshToken = account.RefreshToken })).JsonAsync();
        api.Clock.Advance(TimeSpan.FromDays(1));
        await (await api.PostAsync("/api/auth/refresh", new { refreshToken = session.Text("refreshToken") })).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task Logout_OnOneHost_StopsTheSessionOnTheOther()
    {
        using var folder = new Unit.Support.TemporaryFolder();
        var setup = new ApiSetup { Folder = folder.Path, Clock = new Unit.Support.ManualTimeProvider() };
        await using var one = await ApiFixture.StartAsync(setup);
        await using var two = await ApiFixture.StartAsync(setup);
        var account = await one.RegisterAsync();
        Assert.Equal(HttpStatusCode.OK, (await two.GetAsync("/api/auth/me", account.Token)).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await one.PostAsync("/api/auth/logout", null, account.Token)).StatusCode);
        await (await two.GetAsync("/api/auth/me", account.Token)).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await two.PostAsync("/api/auth/refresh", new { refreshToken = account.RefreshToken })).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task Logout_OfOneSession_LeavesTheOthers()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync("alice");
        var other = (await (await api.PostAsync("/api/auth/login", new { email = account.Email, password = Password })).JsonAsync()).Text("token");
        await api.PostAsync("/api/auth/logout", null, account.Token);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", other)).StatusCode);
    }

    [Fact]
    public async Task ChangePassword_RightCurrent_EndsOtherSessionsOnly()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync("alice");
        var other = await (await api.PostAsync("/api/auth/login", new { email = account.Email, password = Password })).JsonAsync();
        const string next = "an even longer evening";
        var response = await api.PostAsync("/api/auth/password", new { currentPassword = Password, newPassword = next }, account.Token);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", account.Token)).StatusCode);
        await (await api.GetAsync("/api/auth/me", other.Text("token"))).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.PostAsync("/api/auth/refresh", new { refreshToken = other.Text("refreshToken") })).ExpectErrorAsync(ErrorCodes.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/api/auth/refresh", new { refreshToken = account.RefreshToken })).StatusCode);
        await (await api.PostAsync("/api/auth/login", new { email = account.Email, password = Password })).ExpectErrorAsync(ErrorCodes.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/api/auth/login", new { email = account.Email, password = next })).StatusCode);
    }

    [Fact]
    public async Task ChangePassword_WrongCurrent_IsUnauthorizedAndChangesNothing()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync("alice");
        var response = await api.PostAsync("/api/auth/password", new { currentPassword = "not the password", newPassword = "an even longer evening" }, account.Token);

        await response.ExpectErrorAsync(ErrorCodes.Unauthorized, "currentPassword");
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", account.Token)).StatusCode);
    }

    [Fact]
    public async Task ChangePassword_WeakNew_NamesTheField()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync("alice");
        var response = await api.PostAsync("/api/auth/password", new { currentPassword = Password, newPassword = "1234567890" }, account.Token);
        await response.ExpectErrorAsync(ErrorCodes.InvalidRequest, "newPassword");
    }

    private static string Without(JsonElement element, string name) =>
        JsonSerializer.Serialize(element.EnumerateObject().Where(p => p.Name != name).ToDictionary(static p => p.Name, static p => p.Value, StringComparer.Ordinal));
}
