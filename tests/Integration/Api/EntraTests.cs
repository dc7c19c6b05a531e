using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.Auth.Entra;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Accounts.Entra;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Integration.Api;

/// <summary>The sign-in with Entra over HTTP. Whether a token is valid is said here; the validation belongs to the azure edition.</summary>
public sealed class EntraTests
{
    private static readonly string Directory = Guid.NewGuid().ToString();

    private static readonly Dictionary<string, string> Valid = new(StringComparer.Ordinal)
    {
        ["tid"] = Directory, ["oid"] = Guid.NewGuid().ToString(), ["name"] = "Ann", ["preferred_username"] = "ann@contoso.com", ["scp"] = "access", ["roles"] = "MidnightOS.Member",
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignIn_ValidToken_GivesASession(bool longNames)
    {
        await using var api = await StartAsync(longNames ? Long(Valid) : Valid);
        var response = await api.PostAsync("/api/auth/entra", null, "a token of Entra");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var session = await response.JsonAsync();
        var me = await (await api.GetAsync("/api/auth/me", session.Text("token"))).JsonAsync();
        Assert.Equal(("Ann", "member"), (me.Text("user.name"), me.Text("user.role")));
    }

    [Fact]
    public async Task SignIn_TokenThatIsNotValid_IsUnauthorized()
    {
        await using var api = await StartAsync(claims: null);
        await (await api.PostAsync("/api/auth/entra", null, "a token of Entra")).ExpectErrorAsync(ErrorCodes.Unauthorized);
        await (await api.PostAsync("/api/auth/entra")).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Theory]
    [InlineData("scp", null)]
    [InlineData("oid", null)]
    [InlineData("tid", "common")]
    [InlineData("idtyp", "app")]
    public async Task SignIn_TokenOfNoUserForThisApi_IsUnauthorized(string claim, string? value)
    {
        var claims = new Dictionary<string, string>(Valid, StringComparer.Ordinal);
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = value;
        }

        await using var api = await StartAsync(claims);
        await (await api.PostAsync("/api/auth/entra", null, "a token of Entra")).ExpectErrorAsync(ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task SignIn_EntraIsOut_IsAskedToTryAgain()
    {
        await using var api = await StartAsync(new TokensOfAnOutage());
        var response = await api.PostAsync("/api/auth/entra", null, "a token of Entra");
        await response.ExpectErrorAsync(ErrorCodes.UpstreamUnavailable);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task SignIn_HostWithoutEntra_HasNoSuchRoute()
    {
        await using var api = await ApiFixture.StartAsync();
        await (await api.PostAsync("/api/auth/entra", null, "a token of Entra")).ExpectErrorAsync(ErrorCodes.NotFound);
    }

    private static Task<ApiFixture> StartAsync(IReadOnlyDictionary<string, string>? claims) => StartAsync(new Tokens(claims));

    private static Task<ApiFixture> StartAsync(IEntraTokens tokens) => ApiFixture.StartAsync(new ApiSetup
    {
        Services = services =>
        {
            services.AddSingleton(tokens);
            services.AddEntraAccounts();
            services.Configure<EntraOptions>(static options => options.TenantId = Directory);
        },
    });

    private static Dictionary<string, string> Long(IReadOnlyDictionary<string, string> claims) => claims.ToDictionary(static claim => claim.Key switch
    {
        "tid" => "http://schemas.microsoft.com/identity/claims/tenantid",
        "oid" => "http://schemas.microsoft.com/identity/claims/objectidentifier",
        "scp" => "http://schemas.microsoft.com/identity/claims/scope",
        "roles" => ClaimTypes.Role,
        var name => name,
    }, static claim => claim.Value, StringComparer.Ordinal);

    private sealed class Tokens(IReadOnlyDictionary<string, string>? claims) : IEntraTokens
    {
        public Task<ClaimsPrincipal?> ValidateAsync(HttpContext context) => Task.FromResult(
            claims is null || context.Request.Headers.Authorization.Count == 0
                ? null
                : new ClaimsPrincipal(new ClaimsIdentity(claims.Select(static claim => new Claim(claim.Key, claim.Value)), "Entra")));
    }

    private sealed class TokensOfAnOutage : IEntraTokens
    {
        public Task<ClaimsPrincipal?> ValidateAsync(HttpContext context) => throw new IssuerUnavailableException("The keys of Entra cannot be had.");
    }
}
