using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Custody;

namespace MidnightOS.Azure.KeyVault;

/// <summary>Access tokens signed by an HSM: the private key never leaves it. A token's <c>kid</c> is the version of the key.</summary>
internal sealed class VaultTokenKeys(IVaultKeys keys, IOptions<KeyVaultOptions> options, IOptions<AccountOptions> accounts, TimeProvider time) : ITokenSigningKeys
{
    // A rotation is noticed after this; a token of its new version sooner, by the unknown kid.
    private static readonly TimeSpan CacheLife = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UnknownKeyPause = TimeSpan.FromSeconds(5);

    // Hosts that still sign with the old version, and clocks that differ.
    private static readonly TimeSpan OverlapMargin = TimeSpan.FromMinutes(6);

    private readonly ConcurrentDictionary<string, JsonWebKey> _public = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private volatile Cached? _cached;
    private Task<Cached>? _reading;

    public async Task<TokenSigner> SignerAsync(CancellationToken cancellationToken)
    {
        var versions = await VersionsAsync(CacheLife, cancellationToken);
        var version = TokenVersions.Signing(versions) ?? throw new VaultException($"The key {Key} has no enabled version: nobody can sign in.");
        return new TokenSigner(version, (bytes, cancelled) => keys.SignAsync(Key, version, SHA256.HashData(bytes.Span), cancelled));
    }

    public async Task<IReadOnlyList<JsonWebKey>> PublicKeysAsync(CancellationToken cancellationToken)
    {
        var known = new List<JsonWebKey>();
        foreach (var version in Verifying(await VersionsAsync(CacheLife, cancellationToken)))
        {
            known.Add(await PublicAsync(version, cancellationToken));
        }

        return known;
    }

    public async Task<JsonWebKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        if (!WrapAlgorithm.IsVersion(keyId))
        {
            return null;
        }

        var verifies = Verifying(await VersionsAsync(CacheLife, cancellationToken)).Contains(keyId, StringComparer.Ordinal)
            || Verifying(await VersionsAsync(UnknownKeyPause, cancellationToken)).Contains(keyId, StringComparer.Ordinal);
        return verifies ? await PublicAsync(keyId, cancellationToken) : null;
    }

    public async Task RotateAsync(CancellationToken cancellationToken)
    {
        if (await keys.RotateAsync(Key, cancellationToken) is null)
        {
            throw new VaultException($"This app may not rotate the key {Key}; that is an operator's act: {Key.RotateCommand}");
        }

        _cached = null;
    }

    private KeyAddress Key => KeyAddress.Of(options.Value, VaultPurpose.Tokens);

    private IReadOnlyList<string> Verifying(IReadOnlyList<VaultKeyVersion> versions) =>
        TokenVersions.Verifying(versions, time.GetUtcNow(), accounts.Value.AccessTokenLifetime + OverlapMargin);

    // Strangers choose the version that a token names: however many ask at once, the vault, whose calls are counted over all keys, is asked once.
    private async Task<IReadOnlyList<VaultKeyVersion>> VersionsAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        Task<Cached> reading;
        lock (_gate)
        {
            if (_cached is { } cached && time.GetElapsedTime(cached.ReadAt) < maxAge)
            {
                return cached.Versions;
            }

            reading = _reading is { IsCompleted: false } others ? others : _reading = ReadAsync();
        }

        return (await reading.WaitAsync(cancellationToken)).Versions;
    }

    // Not by the token of whoever was first: the others wait for it too.
    private async Task<Cached> ReadAsync()
    {
        var readAt = time.GetTimestamp();
        var read = new Cached(await keys.VersionsAsync(Key, CancellationToken.None), readAt);
        _cached = read;
        return read;
    }

    private async Task<JsonWebKey> PublicAsync(string version, CancellationToken cancellationToken)
    {
        if (_public.TryGetValue(version, out var known))
        {
            return known;
        }

        var key = await keys.GetAsync(Key, version, cancellationToken);
        if (key.X is null || key.Y is null)
        {
            throw new VaultException($"The key {Key} is of type {key.Type}; it must be EC-HSM on P-256.");
        }

        return _public[version] = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            X = Base64UrlEncoder.Encode(key.X),
            Y = Base64UrlEncoder.Encode(key.Y),
            Use = JsonWebKeyUseNames.Sig,
            Alg = SecurityAlgorithms.EcdsaSha256,
            Kid = version,
        };
    }

    private sealed record Cached(IReadOnlyList<VaultKeyVersion> Versions, long ReadAt);
}
