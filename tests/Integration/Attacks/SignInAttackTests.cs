using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.IdentityModel.JsonWebTokens;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Integration.Api;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Attacks;

/// <summary>What somebody does who wants in, or wants more tries than the limits give.</summary>
public sealed class SignInAttackTests
{
    private static readonly Dictionary<string, string?> Default = new(StringComparer.Ordinal);

    [Fact]
    public async Task Login_WithTokensOfAccountsOfTheirOwn_CountsTheAddressAllTheSame()
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Settings = Default });
        Account[] own = [await api.RegisterAsync("one"), await api.RegisterAsync("two"), await api.RegisterAsync("three")];
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            statuses.Add((await api.PostAsync("/api/auth/login", new { email = "victim@example.com", password = $"guess number {i}" }, own[i % 3].Token)).StatusCode);
        }

        Assert.Equal(5, statuses.Count(static status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(7, statuses.Count(static status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Register_WithTokensOfAccountsOfTheirOwn_CountsTheAddressAllTheSame()
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Settings = Default });
        var own = await api.RegisterAsync("one");
        for (var i = 0; i < 4; i++)
        {
            own = Account.From(await (await api.PostAsync("/api/auth/register", Registration(i), own.Token)).JsonAsync(), "");
        }

        await (await api.PostAsync("/api/auth/register", Registration(9), own.Token)).ExpectErrorAsync(ErrorCodes.RateLimited);
    }

    [Theory]
    [InlineData("/api/auth/login/")]
    [InlineData("/API/Auth/LOGIN")]
    [InlineData("/api/auth/%6cogin")]
    [InlineData("/api/auth/login?x=1")]
    public async Task Login_PathWrittenOtherwise_CountsAsTheSame(string path)
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Settings = Default });
        for (var i = 0; i < 5; i++)
        {
            await (await api.PostAsync("/api/auth/login", Guess(i))).ExpectErrorAsync(ErrorCodes.Unauthorized);
        }

        (string, string)[] lies = [("X-Forwarded-For", "198.51.100.7"), ("Forwarded", "for=198.51.100.8"), ("X-Real-IP", "198.51.100.9"), ("X-Original-URL", "/health")];
        await (await api.PostAsync(path, Guess(6), null, lies)).ExpectErrorAsync(ErrorCodes.RateLimited);
    }

    [Fact]
    public async Task Register_WithATokenAndAnIdempotencyKey_KeepsNoTokenAnywhere()
    {
        using var folder = new TemporaryFolder();
        await using var api = await ApiFixture.StartAsync(new ApiSetup { Folder = folder.Path });
        var own = await api.RegisterAsync("one");
        var answer = await api.PostAsync("/api/auth/register", Registration(1), own.Token, ("Idempotency-Key", "again"));
        var made = Account.From(await answer.JsonAsync(), "");

        var kept = Documents(folder.Path);
        Assert.Contains(own.UserId, kept, StringComparison.Ordinal);
        Assert.DoesNotContain("idempotency", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(made.RefreshToken, kept, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(made.Token))[..40], kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_KeyAndAddressOfSomebodyElse_GivesNoSession()
    {
        await using var api = await ApiFixture.StartAsync();
        var body = new { email = "alice@example.com", password = "a long quiet evening", name = "alice" };
        await api.PostAsync("/api/auth/register", body, null, ("Idempotency-Key", "guessable"));

        var wrong = await api.PostAsync("/api/auth/register", body with { password = "another long evening" }, null, ("Idempotency-Key", "guessable"));
        await wrong.ExpectErrorAsync(ErrorCodes.IdempotencyMismatch);
        await (await api.PostAsync("/api/auth/register", body, null, ("Idempotency-Key", "other"))).ExpectErrorAsync(ErrorCodes.Conflict);
        await (await api.PostAsync("/api/auth/register", body)).ExpectErrorAsync(ErrorCodes.Conflict);
    }

    [Fact]
    public async Task SignIn_WithASessionOfTheAttackers_IsAlwaysANewSession()
    {
        await using var api = await ApiFixture.StartAsync();
        var attacker = await api.RegisterAsync("mallory");
        await api.RegisterAsync("victim");
        var body = new { email = "victim@example.com", password = "a long quiet evening" };
        var fixing = new { body.email, body.password, sid = SessionOf(attacker.Token) };
        await (await api.PostAsync("/api/auth/login", fixing, attacker.Token)).ExpectErrorAsync(ErrorCodes.InvalidRequest, "sid");
        var first = Account.From(await (await api.PostAsync("/api/auth/login", body, attacker.Token, ("Cookie", $"sid={SessionOf(attacker.Token)}"))).JsonAsync(), "");
        var second = Account.From(await (await api.PostAsync("/api/auth/login", body)).JsonAsync(), "");

        Assert.Equal(3, new[] { attacker.Token, first.Token, second.Token }.Select(SessionOf).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(attacker.UserId, (await (await api.GetAsync("/api/auth/me", attacker.Token)).JsonAsync()).Text("user.id"));
    }

    [Fact]
    public async Task Me_RefreshTokenOrTokenElsewhereThanInTheHeader_IsUnauthorized()
    {
        await using var api = await ApiFixture.StartAsync();
        var alice = await api.RegisterAsync();
        await (await api.GetAsync("/api/auth/me", alice.RefreshToken)).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.GetAsync($"/api/auth/me?access_token={alice.Token}")).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.GetAsync("/api/auth/me", null, ("Cookie", $"token={alice.Token}"))).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.GetAsync("/api/auth/me", null, ("X-Authorization", $"Bearer {alice.Token}"))).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.GetAsync("/api/auth/me", null, ("Authorization", $"Basic {alice.Token}"))).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.PostAsync("/api/auth/refresh", new { refreshToken = alice.Token[..250] })).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    private static object Guess(int number) => new { email = "victim@example.com", password = $"guess number {number}" };

    private static object Registration(int number) => new { email = $"u{number}@example.com", password = "a long quiet evening", name = "u" };

    private static string SessionOf(string token) => new JsonWebToken(token).GetClaim("sid").Value;

    private static string Documents(string folder)
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(folder, "midnight.db", SearchOption.AllDirectories))
        {
            using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT kind, id, CAST(json AS TEXT) FROM documents";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                text.AppendLine($"{rows.GetString(0)} {rows.GetString(1)} {rows.GetString(2)}");
            }
        }

        return text.ToString();
    }
}
