using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Custody;

public sealed class TokenSigningKeysTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly CustodyHost _one;
    private readonly CustodyHost _other;

    public TokenSigningKeysTests()
    {
        _one = new CustodyHost(_folder.Path, _clock);
        _other = new CustodyHost(_folder.Path, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Current_ManyHostsAtOnce_AgreeOnOneKey()
    {
        var kids = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            async number => (await Task.Run(() => (number % 2 == 0 ? _one : _other).Tokens.CurrentAsync(default))).Kid));

        Assert.Single(kids.Distinct());
        Assert.Single(await SealedKeysAsync());
    }

    [Fact]
    public async Task PublicKeys_OfOneHost_VerifyATokenOfTheOther()
    {
        var token = await SignAsync(_one);

        Assert.True(await IsValidAsync(_other, token));
    }

    [Fact]
    public async Task PublicKeys_HoldNoPrivatePart()
    {
        await _one.Tokens.CurrentAsync(default);

        var key = Assert.Single(await _one.Tokens.PublicKeysAsync(default));

        Assert.Null(key.D);
        Assert.False(key.HasPrivateKey);
        Assert.Equal(("EC", "P-256", "ES256", "sig"), (key.Kty, key.Crv, key.Alg, key.Use));
        Assert.Equal(key.Kid, Base64UrlEncoder.Encode(key.ComputeJwkThumbprint()));
    }

    [Fact]
    public async Task Rotate_TokenSignedBefore_VerifiesUntilItExpiresAndNoLonger()
    {
        var token = await SignAsync(_one);
        await _one.Tokens.RotateAsync(default);

        _clock.Advance(TimeSpan.FromMinutes(20));
        Assert.True(await IsValidAsync(_one, token));
        Assert.True(await IsValidAsync(_other, token));

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await IsValidAsync(_one, token));
        Assert.False(await IsValidAsync(_other, token));
    }

    [Fact]
    public async Task Rotate_OnOneHost_TheOtherFindsTheNewKeyAtOnceAndSignsWithItWithinSeconds()
    {
        var before = await _other.Tokens.CurrentAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await _one.Tokens.RotateAsync(default);
        var after = await _one.Tokens.CurrentAsync(default);

        Assert.NotEqual(before.Kid, after.Kid);
        Assert.Equal(after.Kid, (await _other.Tokens.FindAsync(after.Kid, default))!.Kid);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(after.Kid, (await _other.Tokens.CurrentAsync(default)).Kid);
    }

    [Fact]
    public async Task Find_UnknownKey_IsNull()
    {
        await _one.Tokens.CurrentAsync(default);

        Assert.Null(await _one.Tokens.FindAsync("no-such-key", default));
    }

    [Fact]
    public async Task Rotate_ManyTimes_ErasesKeysThatVerifyNothingAnyMore()
    {
        for (var round = 0; round < 4; round++)
        {
            await _one.Tokens.RotateAsync(default);
            _clock.Advance(TimeSpan.FromMinutes(30));
        }

        await _one.Tokens.RotateAsync(default);

        Assert.Equal(2, (await SealedKeysAsync()).Count);
        Assert.Equal(2, (await _other.Tokens.PublicKeysAsync(default)).Count);
    }

    [Fact]
    public async Task Rotate_OnTwoHostsAtOnce_KeepsEveryKeyThatMaySign()
    {
        var first = await _one.Tokens.CurrentAsync(default);
        await Task.WhenAll(Task.Run(() => _one.Tokens.RotateAsync(default)), Task.Run(() => _other.Tokens.RotateAsync(default)));

        await using var third = new CustodyHost(_folder.Path, _clock);
        var keys = await third.Tokens.PublicKeysAsync(default);

        Assert.Equal(3, keys.Count);
        Assert.Contains(keys, key => key.Kid == first.Kid);
    }

    [Fact]
    public async Task Current_SealedKeyOfAnotherId_Refuses()
    {
        var kid = (await _one.Tokens.CurrentAsync(default)).Kid;
        await _one.Tokens.RotateAsync(default);
        var next = (await _one.Tokens.CurrentAsync(default)).Kid;
        var blobs = _one.Get<IBlobStore>();
        await using (var stream = await blobs.OpenReadAsync(new BlobName(TenantId.Platform, "token-keys", kid), default))
        {
            await blobs.PutAsync(new BlobName(TenantId.Platform, "token-keys", next), stream!, overwrite: true, default);
        }

        await Assert.ThrowsAsync<VaultException>(() => _other.Tokens.CurrentAsync(default));
    }

    private async Task<string> SignAsync(CustodyHost host) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "midnightos",
        Audience = "midnightos",
        IssuedAt = _clock.GetUtcNow().UtcDateTime,
        NotBefore = _clock.GetUtcNow().UtcDateTime,
        Expires = _clock.GetUtcNow().UtcDateTime.AddMinutes(15),
        SigningCredentials = await host.Tokens.CurrentAsync(default),
    });

    private static async Task<bool> IsValidAsync(CustodyHost host, string token)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "midnightos",
            ValidAudience = "midnightos",
            ValidateLifetime = false,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = await host.Tokens.PublicKeysAsync(default),
        });
        return result.IsValid;
    }

    private async Task<IReadOnlyList<BlobName>> SealedKeysAsync()
    {
        var names = new List<BlobName>();
        await foreach (var name in _one.Get<IBlobStore>().ListAsync(TenantId.Platform, "token-keys", default))
        {
            names.Add(name);
        }

        return names;
    }
}
