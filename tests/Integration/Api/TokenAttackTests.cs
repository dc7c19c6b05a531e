using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Results;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Api;

/// <summary>Tokens that this platform did not make, or not for this.</summary>
public sealed class TokenAttackTests
{
    [Fact]
    public async Task Me_NoToken_IsUnauthorizedWithChallenge()
    {
        await using var api = await ApiFixture.StartAsync();
        var response = await api.GetAsync("/api/auth/me");
        await response.ExpectErrorAsync(ErrorCodes.Unauthorized);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.")]
    [InlineData("eyJhbGciOiJFUzI1NiIsImtpZCI6ImtleS0xIn0.bm8ganNvbg.AAAA")]
    [InlineData("a.b.c.d.e")]
    public async Task Me_NoRealToken_IsUnauthorized(string token)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync();
        var response = await api.GetAsync("/api/auth/me", token);
        await response.ExpectErrorAsync(ErrorCodes.Unauthorized);
        Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Me_OtherScheme_IsUnauthorized()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync();
        await (await api.GetAsync("/api/auth/me", null, ("Authorization", $"Basic {account.Token}"))).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task Me_AlgorithmNone_IsUnauthorized()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync();
        var parts = account.Token.Split('.');
        foreach (var algorithm in new[] { "none", "None", "" })
        {
            var header = Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{new JsonWebToken(account.Token).Kid}}"}""");
            await (await api.GetAsync("/api/auth/me", $"{header}.{parts[1]}.")).ExpectErrorAsync(ErrorCodes.Unauthorized);
            await (await api.GetAsync("/api/auth/me", $"{header}.{parts[1]}.{parts[2]}")).ExpectErrorAsync(ErrorCodes.Unauthorized);
        }
    }

    [Fact]
    public async Task Me_HmacWithThePublicKey_IsUnauthorized()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync();
        var key = (await (await api.GetAsync("/.well-known/jwks.json")).JsonAsync()).At("keys")[0];
        var payload = account.Token.Split('.')[1];
        var header = Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{key.Text("kid")}}"}""");
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(key.GetRawText()), [.. Base64UrlEncoder.DecodeBytes(key.Text("x")), .. Base64UrlEncoder.DecodeBytes(key.Text("y"))],
        ];
        foreach (var secret in secrets)
        {
            var signature = Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{header}.{payload}")));
            await (await api.GetAsync("/api/auth/me", $"{header}.{payload}.{signature}")).ExpectErrorAsync(ErrorCodes.Unauthorized);
        }
    }

    [Fact]
    public async Task Me_ChangedPayload_IsUnauthorized()
    {
        await using var api = await ApiFixture.StartAsync();
        var alice = await api.RegisterAsync("alice");
        var bob = await api.RegisterAsync("bob");
        var (a, b) = (alice.Token.Split('.'), bob.Token.Split('.'));
        await (await api.GetAsync("/api/auth/me", $"{a[0]}.{b[1]}.{a[2]}")).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Theory]
    [InlineData("other key")]
    [InlineData("other issuer")]
    [InlineData("other audience")]
    [InlineData("expired")]
    [InlineData("without expiry")]
    [InlineData("other type")]
    [InlineData("other session")]
    [InlineData("session of another tenant")]
    [InlineData("other user")]
    public async Task Me_WellFormedButWrong_IsUnauthorized(string wrong)
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync("alice");
        var other = await api.RegisterAsync("bob");
        var right = await ForgeAsync(api, account, null, other);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", right)).StatusCode);

        var forged = await ForgeAsync(api, account, wrong, other);
        await (await api.GetAsync("/api/auth/me", forged)).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task Me_AtExpiry_StopsAfterTheSkew()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync();
        api.Clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(9));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/auth/me", account.Token)).StatusCode);
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await (await api.GetAsync("/api/auth/me", account.Token)).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task Me_AfterRotationOfTheSigningKey_TakesOldAndNewTokensOnEveryHost()
    {
        using var folder = new TemporaryFolder();
        var setup = new ApiSetup { Folder = folder.Path, Clock = new ManualTimeProvider() };
        await using var one = await ApiFixture.StartAsync(setup);
        await using var two = await ApiFixture.StartAsync(setup);
        var account = await one.RegisterAsync();
        Assert.Equal(HttpStatusCode.OK, (await two.GetAsync("/api/auth/me", account.Token)).StatusCode);

        var firstKey = new JsonWebToken(account.Token).Kid;
        await one.SigningKeys.RotateAsync(CancellationToken.None);
        setup.Clock.Advance(TimeSpan.FromSeconds(1));
        var next = (await (await one.PostAsync("/api/auth/refresh", new { refreshToken = account.RefreshToken })).JsonAsync()).Text("token");
        Assert.NotEqual(firstKey, new JsonWebToken(next).Kid);
        foreach (var token in new[] { account.Token, next })
        {
            Assert.Equal(HttpStatusCode.OK, (await one.GetAsync("/api/auth/me", token)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await two.GetAsync("/api/auth/me", token)).StatusCode);
        }
    }

    [Fact]
    public async Task Token_OfAnySession_SaysWhatTheContractSays()
    {
        await using var api = await ApiFixture.StartAsync();
        var account = await api.RegisterAsync();
        var token = new JsonWebToken(account.Token);

        Assert.Equal(("ES256", "at+jwt"), (token.Alg, token.Typ));
        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "role", "sid", "sub", "tid"], token.Claims.Select(static claim => claim.Type).Order(StringComparer.Ordinal));
        Assert.Equal(account.UserId, token.Subject);
        Assert.Equal(TimeSpan.FromMinutes(15), token.ValidTo - token.IssuedAt);
    }

    [Fact]
    public async Task Jwks_Always_HoldsPublicMembersOnly()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.RegisterAsync();
        var keys = await (await api.GetAsync("/.well-known/jwks.json")).JsonAsync();
        var key = Assert.Single(keys.At("keys").EnumerateArray());
        Assert.Equal(["kty", "crv", "x", "y", "kid", "use", "alg"], key.EnumerateObject().Select(static p => p.Name));
    }

    private static async Task<string> ForgeAsync(ApiFixture api, Account account, string? wrong, Account other)
    {
        var (sid, tid) = (new JsonWebToken(account.Token).GetClaim("sid").Value, account.TenantId);
        var now = api.Clock.GetUtcNow().UtcDateTime;
        var signing = await api.SigningKeys.CurrentAsync(CancellationToken.None);
        if (wrong == "other key")
        {
            signing = new SigningCredentials(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = signing.Kid }, SecurityAlgorithms.EcdsaSha256);
        }

        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = wrong == "other issuer" ? "somebody" : "midnightos",
            Audience = wrong == "other audience" ? "somewhere" : "midnightos-api",
            IssuedAt = now,
            Expires = wrong switch { "expired" => now.AddSeconds(-11), "without expiry" => null, _ => now.AddMinutes(1) },
            TokenType = wrong == "other type" ? "JWT" : "at+jwt",
            SigningCredentials = signing,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = wrong == "other user" ? other.UserId : account.UserId,
                ["tid"] = wrong == "session of another tenant" ? other.TenantId : tid,
                ["sid"] = wrong == "other session" ? new JsonWebToken(other.Token).GetClaim("sid").Value : sid,
            },
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }
}
