using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using MidnightOS.Azure.KeyVault;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Azure.KeyVault;

/// <summary>Access tokens signed in the vault, over a key store in memory.</summary>
public sealed class VaultTokenKeysTests : IDisposable
{
    private static readonly TenantId Tenant = new("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");

    private readonly ManualTimeProvider _clock = new();
    private readonly FakeVaultKeys _keys;
    private readonly AccountOptions _accounts = new();

    public VaultTokenKeysTests()
    {
        _keys = new FakeVaultKeys(_clock, "EC-HSM");
        _keys.Add();
    }

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Token_SignedInTheVault_IsRead()
    {
        var tokens = Tokens(Keys());
        var token = await IssueAsync(tokens);
        Assert.Equal(Version(1), new JsonWebToken(token).Kid);
        Assert.Equal(Tenant, (await tokens.ReadAsync(token, default))?.Tenant);
        Assert.Contains("sign", _keys.Calls);
    }

    [Fact]
    public async Task Token_AlteredAfterwards_IsNotRead()
    {
        var tokens = Tokens(Keys());
        var parts = (await IssueAsync(tokens)).Split('.');
        var other = (await IssueAsync(tokens)).Split('.');
        Assert.Null(await tokens.ReadAsync($"{parts[0]}.{parts[1]}.{other[2]}", default));
    }

    [Fact]
    public async Task Token_OfTheOldVersion_IsReadUntilItExpires()
    {
        var keys = Keys();
        var tokens = Tokens(keys);
        var token = await IssueAsync(tokens);
        _keys.Add();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Version(2), (await keys.SignerAsync(default)).KeyId);
        Assert.NotNull(await tokens.ReadAsync(token, default));
        Assert.Equal([Version(2), Version(1)], (await keys.PublicKeysAsync(default)).Select(static key => key.Kid));
        _clock.Advance(_accounts.AccessTokenLifetime + TimeSpan.FromMinutes(6));
        Assert.Equal([Version(2)], (await keys.PublicKeysAsync(default)).Select(static key => key.Kid));
    }

    [Fact]
    public async Task Token_OfAVersionMadeElsewhere_IsReadBeforeTheCacheEnds()
    {
        var tokens = Tokens(Keys());
        await IssueAsync(tokens);
        _keys.Add();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(await tokens.ReadAsync(await IssueAsync(Tokens(Keys())), default));
    }

    [Fact]
    public async Task FindAsync_StrangeKidsOneAfterAnother_DoNotAskTheVaultEachTime()
    {
        var keys = Keys();
        for (var i = 100; i < 200; i++)
        {
            Assert.Null(await keys.FindAsync(Version(i), default));
            Assert.Null(await keys.FindAsync($"../{i}", default));
        }

        Assert.Equal(["versions"], _keys.Calls);
    }

    [Fact]
    public async Task FindAsync_ManyStrangeKidsAtOnce_AskTheVaultOnce()
    {
        var keys = Keys();
        for (var round = 1; round <= 2; round++)
        {
            var found = await Task.WhenAll(Enumerable.Range(100, 50).Select(number => keys.FindAsync(Version(number), default)));
            Assert.All(found, Assert.Null);
            Assert.Equal(round, _keys.Calls.Count);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task FindAsync_AfterAnOutage_AsksAgain()
    {
        var keys = Keys();
        _keys.Outage = new VaultUnavailableException("away");
        await Assert.ThrowsAsync<VaultUnavailableException>(() => keys.FindAsync(Version(1), default));
        _keys.Outage = null;
        Assert.NotNull(await keys.FindAsync(Version(1), default));
    }

    [Fact]
    public async Task Token_OfAVersionThatWasDisabled_IsNotReadAnyMore()
    {
        var tokens = Tokens(Keys());
        var token = await IssueAsync(tokens);
        _keys.Add();
        _keys.Disable(Version(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await tokens.ReadAsync(token, default));
    }

    [Fact]
    public async Task SignerAsync_EveryVersionDisabled_Refuses()
    {
        _keys.Disable(Version(1));
        await Assert.ThrowsAsync<VaultException>(() => Keys().SignerAsync(default));
    }

    [Fact]
    public async Task PublicKeysAsync_OfAKey_HoldNothingPrivate() =>
        Assert.All(await Keys().PublicKeysAsync(default), static key => Assert.True(key is { HasPrivateKey: false, Kty: "EC", Crv: "P-256", Alg: "ES256", Use: "sig" }));

    [Fact]
    public async Task RotateAsync_WithoutTheRight_SaysWhatAnOperatorRuns()
    {
        var error = await Assert.ThrowsAsync<VaultException>(() => Keys().RotateAsync(default));
        Assert.Contains("az keyvault key rotate --vault-name kv-x --name tokens", error.Message, StringComparison.Ordinal);
    }

    private static string Version(int number) => $"{number:x32}";

    private static Task<string> IssueAsync(AccessTokens tokens) => tokens.IssueAsync(
        Tenant, new User { Id = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV", Email = "a@b", Name = "a", PasswordHash = "", Role = Role.Owner, Active = true, CreatedAt = DateTimeOffset.UnixEpoch }, "ses_01ARZ3NDEKTSV4RRFFQ69G5FAV", default);

    private AccessTokens Tokens(ITokenSigningKeys keys) => new(keys, new Ids(), _clock, Options.Create(_accounts));

    private VaultTokenKeys Keys() => new(
        _keys, Options.Create(new KeyVaultOptions { Uri = "https://kv-x.vault.azure.net/", TokenKey = "tokens" }), Options.Create(_accounts), _clock);

    private sealed class Ids : IIdGenerator
    {
        private int _last;

        public string New(string prefix) => $"{prefix}{++_last:D26}";

        public string Derive(string prefix, DateTimeOffset firstSeen, params ReadOnlySpan<string> parts) => throw new NotSupportedException();
    }
}
