using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>An OpenID provider on this machine with one RSA key.</summary>
internal sealed class FakeIssuer : IAsyncDisposable
{
    private const string Audience = "midnight-prover";
    private const string KeyId = "key-1";

    private readonly WebApplication _app;
    private readonly RSA _rsa = RSA.Create(2048);
    private int _fetched;

    private FakeIssuer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Runs before its keys are given.</summary>
    public Func<Task> BeforeKeys { get; set; } = static () => Task.CompletedTask;

    /// <summary>Whether it answers 503.</summary>
    public bool IsOut { get; set; }

    /// <summary>How often its keys were asked for.</summary>
    public int Fetched => Volatile.Read(ref _fetched);

    public static async Task<FakeIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var issuer = new FakeIssuer(builder.Build());
        issuer._app.MapGet("/.well-known/openid-configuration", () => issuer.IsOut ? Results.StatusCode(503) : Results.Json(new { issuer = issuer.Address, jwks_uri = $"{issuer.Address}/keys" }));
        issuer._app.MapGet("/keys", issuer.KeysAsync);
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>What a host is told to take its tokens.</summary>
    public IEnumerable<(string Name, string Value)> Settings(string subject, string tenant) =>
        [("Prover:Identity:Issuer", Address), ("Prover:Identity:Audience", Audience), ($"Prover:Identity:Subjects:{subject}", tenant)];

    public string Token(string subject, string audience = Audience, TimeSpan? lifetime = null, TimeSpan? begins = null, string? issuer = null, string keyId = KeyId) =>
        Write(Claims(subject, audience, lifetime, begins, issuer), new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = keyId }, SecurityAlgorithms.RsaSha256));

    public string Unsigned(string subject)
    {
        var parts = Token(subject).Split('.');
        return $"{Base64UrlEncoder.Encode("""{"alg":"none","kid":"key-1","typ":"JWT"}""")}.{parts[1]}.";
    }

    /// <summary>The old trick: what is public as the secret of a MAC.</summary>
    public string SignedWithThePublicKey(string subject) =>
        Write(Claims(subject, Audience, null, null, null), new SigningCredentials(new SymmetricSecurityKey(_rsa.ExportSubjectPublicKeyInfo()) { KeyId = KeyId }, SecurityAlgorithms.HmacSha256));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }

    private static string Write(SecurityTokenDescriptor descriptor, SigningCredentials credentials)
    {
        descriptor.SigningCredentials = credentials;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    private SecurityTokenDescriptor Claims(string subject, string audience, TimeSpan? lifetime, TimeSpan? begins, string? issuer) => new()
    {
        Issuer = issuer ?? Address,
        Audience = audience,
        NotBefore = DateTime.UtcNow + (begins ?? TimeSpan.FromHours(-2)),
        Expires = DateTime.UtcNow + (lifetime ?? TimeSpan.FromHours(2)),
        Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = subject },
    };

    private async Task<IResult> KeysAsync()
    {
        Interlocked.Increment(ref _fetched);
        await BeforeKeys();
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false)) { KeyId = KeyId });
        return Results.Json(new { keys = new[] { new { kty = key.Kty, n = key.N, e = key.E, kid = key.Kid, use = "sig", alg = "RS256" } } });
    }
}
