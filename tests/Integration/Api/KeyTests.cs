using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Accounts.ApiKeys;
using MidnightOS.Core.Audit;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Tests.Integration.Api;

/// <summary>API keys over HTTP.</summary>
public sealed class KeyTests
{
    [Fact]
    public async Task Create_ByTheOwner_ShowsTheKeyOnceAndKeepsItsHashAlone()
    {
        await using var api = await ApiFixture.StartAsync();
        var alice = await api.RegisterAsync();
        var made = await (await api.PostAsync("/api/keys", new { name = "prover" }, alice.Token)).JsonAsync();
        var key = made.Text("key");
        Assert.Matches("^mnk_[0-9A-HJKMNP-TV-Z]{26}_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(made.Text("id")[4..], key.Split('_')[1]);

        var listed = await (await api.GetAsync("/api/keys", alice.Token)).Content.ReadAsStringAsync();
        Assert.Contains(made.Text("id"), listed, StringComparison.Ordinal);
        Assert.Contains("\"lastUsedOn\":null", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key[^43..], listed, StringComparison.Ordinal);
        var stored = await api.Services.GetRequiredService<IDocumentStore>().GetAsync(new TenantId(alice.TenantId), ApiKey.Key(made.Text("id")), default);
        Assert.DoesNotContain(key[^43..], System.Text.Encoding.UTF8.GetString(stored!.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_TwoKeys_AreDifferentAndBothWork()
    {
        await using var api = await ApiFixture.StartAsync();
        var alice = await api.RegisterAsync();
        var authenticate = api.Services.GetRequiredService<AuthenticateApiKey>();
        var keys = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            keys.Add((await (await api.PostAsync("/api/keys", new { name = "prover" }, alice.Token)).JsonAsync()).Text("key"));
        }

        Assert.NotEqual(keys[0], keys[1]);
        foreach (var key in keys)
        {
            Assert.Equal(new TenantId(alice.TenantId), await authenticate.RunAsync(key, ApiKeyScopes.Proofs, default));
            Assert.Null(await authenticate.RunAsync(key, "everything", default));
        }
    }

    [Fact]
    public async Task Create_MoreThanATenantMayHave_IsAConflict()
    {
        await using var api = await ApiFixture.StartAsync(new ApiSetup
        {
            Settings = new Dictionary<string, string?>(new ApiSetup().Settings, StringComparer.Ordinal) { ["RateLimits:BotChanges:PerMinute"] = "1000" },
        });
        var alice = await api.RegisterAsync();
        for (var i = 0; i < CreateApiKey.Most; i++)
        {
            Assert.Equal(201, (int)(await api.PostAsync("/api/keys", new { name = $"key {i}" }, alice.Token)).StatusCode);
        }

        await (await api.PostAsync("/api/keys", new { name = "one more" }, alice.Token)).ExpectErrorAsync(ErrorCodes.Conflict);
    }

    [Fact]
    public async Task Delete_AKey_EndsItAndIsAudited()
    {
        await using var api = await ApiFixture.StartAsync();
        var (alice, bob) = (await api.RegisterAsync(), await api.RegisterAsync("bob"));
        var made = await (await api.PostAsync("/api/keys", new { name = "prover" }, alice.Token)).JsonAsync();
        var path = $"/api/keys/{made.Text("id")}";
        await (await api.SendAsync(HttpMethod.Delete, path, token: bob.Token)).ExpectErrorAsync(ErrorCodes.NotFound);
        Assert.Equal(204, (int)(await api.SendAsync(HttpMethod.Delete, path, token: alice.Token)).StatusCode);
        await (await api.SendAsync(HttpMethod.Delete, path, token: alice.Token)).ExpectErrorAsync(ErrorCodes.NotFound);

        Assert.Null(await api.Services.GetRequiredService<AuthenticateApiKey>().RunAsync(made.Text("key"), ApiKeyScopes.Proofs, default));
        Assert.Null(await api.Services.GetRequiredService<IDirectory>().FindAsync(ClaimOf(made.Text("key")), default));
        var trail = await api.Services.GetRequiredService<IDocumentStore>().QueryAsync(new TenantId(alice.TenantId), new DocumentQuery("audit", "subject", made.Text("id")), default);
        Assert.Equal(["apiKey.create", "apiKey.revoke"], trail.Documents.Select(static document => document.As<AuditEntry>().Value.Action));
    }

    [Fact]
    public async Task Delete_DiedAfterTheClaimWasReleased_TheKeyIsGoodForNothingAndCanBeDeleted()
    {
        await using var api = await ApiFixture.StartAsync();
        var alice = await api.RegisterAsync();
        var made = await (await api.PostAsync("/api/keys", new { name = "prover" }, alice.Token)).JsonAsync();
        await api.Services.GetRequiredService<IDirectory>().ReleaseAsync(ClaimOf(made.Text("key")), null, default);

        Assert.Null(await api.Services.GetRequiredService<AuthenticateApiKey>().RunAsync(made.Text("key"), ApiKeyScopes.Proofs, default));
        Assert.Equal(204, (int)(await api.SendAsync(HttpMethod.Delete, $"/api/keys/{made.Text("id")}", token: alice.Token)).StatusCode);
        Assert.Empty((await api.Services.GetRequiredService<ListApiKeys>().RunAsync(new TenantId(alice.TenantId), 10, null, default)).Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Authenticate_ClaimOfEarlierVersions_IsGoodWhileTheKeyIsThere(bool isDeleted)
    {
        await using var api = await ApiFixture.StartAsync();
        var alice = await api.RegisterAsync();
        var made = await (await api.PostAsync("/api/keys", new { name = "prover" }, alice.Token)).JsonAsync();
        var (tenant, directory) = (new TenantId(alice.TenantId), api.Services.GetRequiredService<IDirectory>());
        var claim = (await directory.FindAsync(ClaimOf(made.Text("key")), default))!;
        await directory.ReplaceAsync(ClaimOf(made.Text("key")), claim.Claim with { Data = null }, claim.ETag, default);
        if (isDeleted)
        {
            // They deleted the key first and its claim then, and may have died in between.
            await api.Services.GetRequiredService<IDocumentStore>().CommitAsync(tenant, [new DocumentWrite.Delete(ApiKey.Key(made.Text("id")))], default);
        }

        var caller = await api.Services.GetRequiredService<AuthenticateApiKey>().RunAsync(made.Text("key"), ApiKeyScopes.Proofs, default);
        Assert.Equal(isDeleted ? (TenantId?)null : tenant, caller);
    }

    [Fact]
    public async Task Authenticate_ForAnotherScope_IsRefused()
    {
        await using var api = await ApiFixture.StartAsync();
        var alice = await api.RegisterAsync();
        var made = await (await api.PostAsync("/api/keys", new { name = "prover" }, alice.Token)).JsonAsync();
        var authenticate = api.Services.GetRequiredService<AuthenticateApiKey>();
        Assert.Null(await authenticate.RunAsync(made.Text("key"), "proof", default));
        Assert.Null(await authenticate.RunAsync(made.Text("key"), "", default));
        Assert.NotNull(await authenticate.RunAsync(made.Text("key"), ApiKeyScopes.Proofs, default));
    }

    [Fact]
    public async Task Use_OnTwoDays_IsNotedOnceADay()
    {
        await using var api = await ApiFixture.StartAsync();
        var alice = await api.RegisterAsync();
        var made = await (await api.PostAsync("/api/keys", new { name = "prover" }, alice.Token)).JsonAsync();
        var (store, tenant, id) = (api.Services.GetRequiredService<IDocumentStore>(), new TenantId(alice.TenantId), made.Text("id"));
        var authenticate = api.Services.GetRequiredService<AuthenticateApiKey>();
        var versions = new List<string>();
        foreach (var wait in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1) })
        {
            api.Clock.Advance(wait);
            await authenticate.RunAsync(made.Text("key"), ApiKeyScopes.Proofs, default);
            versions.Add((await store.GetAsync(tenant, new DocumentKey(ApiKeyUses.Kind, id), default))!.ETag);
        }

        Assert.Equal(versions[0], versions[1]);
        Assert.NotEqual(versions[1], versions[2]);
        var (listed, _) = await api.Services.GetRequiredService<ListApiKeys>().RunAsync(tenant, 10, null, default);
        Assert.Equal(DateOnly.FromDateTime(api.Clock.GetUtcNow().UtcDateTime), Assert.Single(listed).LastUsedOn);
    }

    private static DirectoryKey ClaimOf(string key) => new("apiKey", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
}
